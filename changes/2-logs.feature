Logs are JSON lines without personal data; every answer bears the number of its request.
