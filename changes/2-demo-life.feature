The demo city has a past: sample applications at every stage, with lamps and ratings, handled through the doors the pages use.
