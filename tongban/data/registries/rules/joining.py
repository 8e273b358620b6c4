"""What stewards have said is one: each thing is merged once, into a key that may be merged itself; never in a circle."""

from __future__ import annotations

from collections.abc import Mapping


def root_of(key: str, renamed: Mapping[str, str]) -> str:
    """The key under which a key's rows stand at last. `renamed`: key → the key it was merged into."""
    passed = {key}
    while key in renamed and renamed[key] not in passed:
        key = renamed[key]
        passed.add(key)
    return key
