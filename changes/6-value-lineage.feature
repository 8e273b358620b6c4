From any value of a base register one click leads to its rule, batch, source row and file; what is given out by the API's drafts and licences feels a source column's change.
