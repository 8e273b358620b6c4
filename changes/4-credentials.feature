A licence carries a code that a phone without network checks: signed, small enough for paper, with a downloadable key set and status list.
