Three separated administrators: accounts and posts, rights and keys, the audit trail; a legal representative lets others act for his company.
