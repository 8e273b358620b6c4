"""The one call to the trust service: the record of a licence, signed with its issuer's keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tongban.foundation.trust.actions import sign_record

KEY_NAME = "licences"
GATHERER, GATHERER_TITLE = "platform:gathering", "证照汇聚平台"


def signed(department_id: UUID, department: str, record: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    """(the record as text, its signatures). Raises `KeyStoreAway` when no key can be had: then nothing is issued."""
    made = sign_record(f"department:{department_id}", KEY_NAME, record, title=department)
    return made.text.decode(), made.signatures


def signed_as_gathered(record: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    """The same for history: by the platform that gathered it, never with the issuer's keys, for he has not issued it anew."""
    made = sign_record(GATHERER, KEY_NAME, record, title=GATHERER_TITLE)
    return made.text.decode(), made.signatures
