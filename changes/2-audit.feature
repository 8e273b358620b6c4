Every action leaves a fact in a chain; a signed root over all chains is published each night and anybody can check it.
