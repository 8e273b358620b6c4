Background work on the same database: asked for with the change, tried for three days, seen and retried by operators.
