Workbooks are read by python-calamine, five times as fast; a sheet with a cell far out is read by openpyxl as before.
