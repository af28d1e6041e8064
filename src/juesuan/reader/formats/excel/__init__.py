"""Excel workbooks: of today (.xlsx, from its XML) and of before 2007 (.xls, .et)."""
