"""Channels of payment, in the order they are offered."""

import os

from .security import _secret

PAYMENT_CHANNELS = [c for c in os.environ.get("TONGBAN_PAYMENT_CHANNELS", "pretend-bank").split(",") if c]
PRETEND_BANK_SECRET = _secret("TONGBAN_PRETEND_BANK_SECRET").hex()
