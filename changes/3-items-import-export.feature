Items go out and come in by the hundred as a workbook in the province's template or as JSON: every row is checked and told of, and either all sound rows become drafts or none.
