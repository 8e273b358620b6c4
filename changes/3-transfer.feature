A case that belongs to another department which works here moves to it by agreement, with its limits; the first department keeps the trace.
