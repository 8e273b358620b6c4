A PDF is looked at by a reader that waits with everything in memory: each file still has a process of its own with its limits, without the second it took to start one.
