"""Who stands behind a session is asked of the database once.

Thousands of requests come from the same few people, and each is undone, so the answer stays the same; that every request
asks anew is proved by the tests of `foundation/identity`. Here it would be half of all the work.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend

from tongban.foundation.identity import middleware
from tongban.foundation.identity.models import Account
from tongban.foundation.kernel.actors import Actor

# For tests whose requests leave sessions as they were: neither these are read again and again.
SESSIONS_KEPT = {"SESSION_ENGINE": "django.contrib.sessions.backends.cached_db", "SESSION_CACHE_ALIAS": "local"}


def known_once(patch: pytest.MonkeyPatch) -> None:
    """Accounts and the capacities they act in, for as long as `patch` lasts."""
    accounts, real = cache(ModelBackend().get_user), middleware.actor_of

    @cache
    def actors(account_id: Any, capacity: str) -> Actor:
        return real(Account.objects.get(pk=account_id), capacity)

    patch.setattr(ModelBackend, "get_user", lambda _self, account_id: copy(accounts(account_id)))
    patch.setattr(middleware, "actor_of", lambda account, capacity: actors(account.pk, capacity))
