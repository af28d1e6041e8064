"""Commands that revise an existing document: fix, roll."""
