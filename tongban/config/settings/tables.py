"""Tables that lie in months, and how long a month stays at hand."""

from tongban.foundation.attempts.rules import KEPT_DAYS
from tongban.foundation.months.rules import Monthly

MONTHLY = [Monthly("attempts_attempt", "at", KEPT_DAYS)]
