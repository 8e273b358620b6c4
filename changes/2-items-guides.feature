Every service item has a guide page in plain words that narrows to one's situation, a printable notice as PDF, and search and browse pages around it.
