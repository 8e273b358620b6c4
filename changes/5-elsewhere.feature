Lists, searches, exports and totals, of pages and of the API, are shown to tell nobody elsewhere even that there is one more.
