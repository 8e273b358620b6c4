"""What may stand in a text of a document: characters nobody sees, and those that turn the reading round, fall away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tongban.foundation.kernel.unseen import UNSEEN


def tidied(value: Any) -> Any:
    """The same value, every text in it without control characters and direction marks; rare characters and line ends stay."""
    if isinstance(value, str):
        return UNSEEN.sub("", value)
    if isinstance(value, list):
        return [tidied(one) for one in value]
    if isinstance(value, dict):
        return {key: tidied(one) for key, one in value.items()}
    return value


def tidied_ops(ops: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Operations with what they write tidied; where they point, and what they test, is left as it is."""
    writing = {"add", "replace"}
    return [op | {"value": tidied(op["value"])} if "value" in op and op.get("op") in writing else op for op in ops]
