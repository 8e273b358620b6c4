"""Where the key that signs the daily roots of the audit trail lies."""

import os
from pathlib import Path

from tongban.config.launch.cluster import home

AUDIT_KEY_FOLDER = Path(os.environ.get("TONGBAN_AUDIT_KEYS", home() / "keys" / "audit"))
