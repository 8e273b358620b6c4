Other systems submit and follow applications under /api/v1, with problem details, idempotency keys and a committed schema.
