A field whose key is renamed in the form designer keeps its former keys (`was`): answers in citizens' open drafts go with it when the version is published.
