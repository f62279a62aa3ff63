"""File formats: CSV files and XLSX workbooks as tables of cells."""
