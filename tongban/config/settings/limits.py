"""How often anybody may do a thing: the one list. Counted across all processes (foundation/attempts), by sign-in's library in the
shared cache. `(calls, seconds, reason)`.
"""

import os
from datetime import timedelta

from tongban.foundation.attempts.rules import Limit


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name, usual))


MINUTE, HOUR = 60, 3600
LIMITS = {
    "api.system": Limit(
        _number("TONGBAN_API_CALLS_PER_MINUTE", 6000),
        MINUTE,
        "by key: a department's system at its busiest sends 100 a second",
    ),
    "api.person": Limit(
        _number("TONGBAN_API_PERSON_CALLS_PER_MINUTE", 300),
        MINUTE,
        "by session or address: a page asks at most five times a second",
    ),
    "verification": Limit(
        _number("TONGBAN_VERIFICATIONS_PER_MINUTE", 60),
        MINUTE,
        "by address: a gate reads a code a second; guessing takes more",
    ),
    "registration": Limit(
        _number("TONGBAN_REGISTRATIONS_PER_HOUR", 120),
        HOUR,
        "by address: a hall registers two a minute; each asks a register about a person",
    ),
    "reset.address": Limit(
        _number("TONGBAN_RESETS_PER_HOUR", 60), HOUR, "by address: a hall's computers share one; each may send an SMS"
    ),
    "reset.number": Limit(3, HOUR, "by number or sign-in name: nobody's phone is filled with codes he did not ask for"),
    "reset.code": Limit(12, 10 * MINUTE, "by reset: a code, a password that breaks a rule, a second factor mistyped"),
    "attempts.noted": Limit(60, MINUTE, "by caller and kind: what one more refusal would say is said"),
}

# Sign-in. `n/period/what it is counted by`; `key` is the account tried.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # a hall's computers share one address
    "login_failed": "30/m/ip,5/15m/key",  # many names from one address; one name from many
    "reauthenticate": "10/m/user",
}
# Five wrong passwords in a row close an account for a while (usual at level 3: five, 5 to 30 minutes).
LOCK_AFTER_FAILURES = _number("TONGBAN_LOCK_AFTER_FAILURES", 5)
LOCK_FOR = timedelta(minutes=_number("TONGBAN_LOCK_MINUTES", 15))
