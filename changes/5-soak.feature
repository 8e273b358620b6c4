`make soak MINUTES=60` lets the house work for an hour, weighs each of its processes and fails when one of them grows.
