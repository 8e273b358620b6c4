Legal clock: working calendar, due days by law and by promise, pauses, one extension, lamps; every figure can be replayed.
