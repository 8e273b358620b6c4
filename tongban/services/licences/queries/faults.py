"""Everything that keeps the definition of a licence type from being published, its own pages included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.foundation.layouts.queries import faults_in
from tongban.services.licences.rules.drawing import GAPS, gaps_in, seals_off_page, with_pictures, without_seals
from tongban.services.licences.rules.types import complete, type_faults


def definition_faults(definition: Any) -> list[tuple[str, str]]:
    """Every (path, code) that is wrong, so that no licence meets it later."""
    return type_faults(definition) or faults_of_pages(complete(definition))


def faults_of_pages(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What keeps the type's own pages from being drawn."""
    pages = content["pages"]
    if not pages:
        return []
    faults = [(reason.field, "pages") for reason in faults_in(with_pictures(without_seals(pages)))]
    if faults:
        return faults
    unknown = gaps_in(pages) - GAPS - {field["key"] for field in content["fields"]}
    return [*((gap, "pages_gap") for gap in sorted(unknown)), *([("seal", "pages")] if seals_off_page(pages) else [])]
