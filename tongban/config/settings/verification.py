"""How often one address may verify in a minute, counted by each server process for itself."""

import os

VERIFICATIONS_PER_MINUTE = int(os.environ.get("TONGBAN_VERIFICATIONS_PER_MINUTE", "60"))
