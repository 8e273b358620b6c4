"""The API: how often one caller may ask in a minute, counted by each server process for itself."""

import os

API_CALLS_PER_MINUTE = int(os.environ.get("TONGBAN_API_CALLS_PER_MINUTE", "6000"))  # a department's own system
API_PERSON_CALLS_PER_MINUTE = int(os.environ.get("TONGBAN_API_PERSON_CALLS_PER_MINUTE", "300"))
