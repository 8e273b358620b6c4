"""The `Idempotency-Key` that every create asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import KeyMissing

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_KEY = 200
# Written into the schema of every operation that creates something.
KEY_HEADER: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "Chosen by the sender. The same key with the same body answers with what was made the first time.",
        }
    ]
}


def key_of(request: HttpRequest) -> str:
    """The sender's key; refused when it is missing, empty or too long."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= LONGEST_KEY:
        text = _("请在请求头 Idempotency-Key 中给出1至200个字符的提交编号。")
        raise KeyMissing(reasons=[Reason("cases.key_missing", text, "Idempotency-Key")])
    return key
