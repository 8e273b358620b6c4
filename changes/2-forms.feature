Forms and situation trees are data: conditions, computed values and every fault at once, rendered as accessible HTML that works without script.
