Rules for automatic decisions are written, tested, tried over past cases and published in the browser; each item has a switch, a nightly sample for human checks, and every decision can be replayed.
