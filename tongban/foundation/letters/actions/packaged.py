"""The templates that come with the house."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.rules import compose

FOLDER = Path(__file__).resolve().parents[1] / "templates"


def packaged(code: str) -> dict[str, Any]:
    """The newest content of a template as it lies in the room; `source` is complete in itself."""
    about = deepcopy(_index()[code])
    content: dict[str, Any] = {"title": about["title"], "kind": about["kind"]}
    if "blocks" in about:
        content |= {"step": code, "blocks": about["blocks"]}
    return content | {"source": source_of(code, content)}


def source_of(code: str, content: dict[str, Any]) -> str:
    """The typst text of a template's content: the layout, then what its blocks come to (or what the room holds in typst)."""
    layout = (FOLDER / "layout.typ").read_text()
    return layout + (compose(content) if "blocks" in content else (FOLDER / f"{code}.typ").read_text())


@cache
def _index() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "letters.yaml").read_text())
    return found


def load_templates() -> int:
    """Publish every packaged template whose text is not the newest version yet, from today; answers how many were.

    What officials have published themselves stands: a packaged text does not take its place.
    """
    newest = {t.code: t for t in LetterTemplate.objects.order_by("code", "-version").distinct("code")}
    fresh = []
    for code, about in _index().items():
        content = packaged(code)
        digest, before = sm3(canonical(content)), newest.get(code)
        if before is None or (before.drafted_by is None and before.digest != digest):
            fresh.append(
                LetterTemplate(
                    code=code,
                    version=before.version + 1 if before else 1,
                    effective_on=today() if before else about["effective_on"],
                    status=LetterTemplate.Status.PUBLISHED,
                    published_at=now(),
                    content=content,
                    digest=digest,
                )
            )
    LetterTemplate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
