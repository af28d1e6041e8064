"""The workbook to fill in (填报工作簿): planned from its declaration, written, and read back."""
