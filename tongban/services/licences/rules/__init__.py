"""What a licence is on paper. Nothing here knows a framework or a database."""
