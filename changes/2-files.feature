Files are looked into before they are taken (type by content, passwords, bombs, polyglots, viruses), kept once by hash, and served so that nothing in them can run.
