Service items are dated definitions in readable files, checked against the shape and the consistency rules before they are published; every fault is named with its rule.
