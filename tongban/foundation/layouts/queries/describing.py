"""Looking at a description of pages before anything is drawn."""

from __future__ import annotations

from typing import Any

from tongban.foundation.kernel.errors import Reason
from tongban.foundation.layouts.errors import reasons_of
from tongban.foundation.layouts.gateways.faces import width_of
from tongban.foundation.layouts.rules import drawn, faults_of


def faults_in(pages: Any) -> list[Reason]:
    """What keeps the pages from being drawn, each with its place; for an editor that tells while one writes."""
    return reasons_of(faults_of(pages))


def too_long(pages: list[dict[str, Any]]) -> list[Reason]:
    """Texts that stand out of their box even in the smallest type. The pages must be without faults."""
    return reasons_of(drawn(pages, width_of)[1])
