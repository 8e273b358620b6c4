"""What operators watch (docs/operations.md)."""

import os

from tongban.config.launch.cluster import ROOT

# Who may read /metrics: whoever holds the token; without one, only this machine itself, and nobody through a proxy.
METRICS_TOKEN = os.environ.get("TONGBAN_METRICS_TOKEN", "")
# The certificate nginx shows, so that its end is seen coming.
TLS_CERTIFICATE = os.environ.get("TONGBAN_TLS_CERTIFICATE", "")
# What this release is called, where it is more than the package's version: `deploy/pack` writes it down.
PACKED = ROOT / "VERSION"
VERSION = os.environ.get("TONGBAN_VERSION") or (PACKED.read_text().strip() if PACKED.exists() else "")
