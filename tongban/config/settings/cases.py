"""Applications and cases."""

import os

# A draft nobody touched for so long is deleted.
DRAFT_RETENTION_DAYS = int(os.environ.get("TONGBAN_DRAFT_RETENTION_DAYS", "90"))
