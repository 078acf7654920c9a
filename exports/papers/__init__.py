"""Reports of several charts as PDF, web page, workbook, document and slides, with a manifest."""
