"""When the lamps of a case change (docs/operations.md). No law fixes these numbers; each city sets its own."""

import os


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name, usual))


LAMP_THRESHOLDS = {
    "warn_percent": _number("TONGBAN_LAMP_WARN_PERCENT", 30),  # of the promised limit is left
    "warn_days": _number("TONGBAN_LAMP_WARN_DAYS", 1),  # or so many working days
    "red_percent": _number("TONGBAN_LAMP_RED_PERCENT", 30),  # of the promised limit is overrun
    "red_days": _number("TONGBAN_LAMP_RED_DAYS", 2),  # and at least so many working days
}
