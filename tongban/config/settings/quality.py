"""How long a department has for a ticket about its data."""

import os

QUALITY_TICKET_DAYS = int(os.environ.get("TONGBAN_QUALITY_TICKET_DAYS", "10"))  # working days
