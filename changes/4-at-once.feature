秒批秒办: where an item's rules can decide, the decision, its document, the licence and the message are in the statement that takes the application in; whoever wants a person to decide says so.
