"""How a page in a browser looks: what axe finds wrong with it, and pictures where a folder for them is named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PICTURES = os.environ.get("TONGBAN_SCREENSHOTS", "")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = "options => axe.run(document, options).then(found => found.violations)"  # what passes is far more to carry


def axe_finds(page: Page, *, but: Sequence[str] = ()) -> list[str]:
    """Every violation of WCAG 2.2 AA and of axe's best practice but some rules', with the first three places of each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {rule: {"enabled": False} for rule in but}
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in page.evaluate(VIOLATIONS, {"runOnly": TAGS, "resultTypes": ["violations"], "rules": rules})
        for node in violation["nodes"][:3]
    ]


def keep_picture(page: Page, name: str) -> None:
    """The whole page as `<name>.png` in the folder that TONGBAN_SCREENSHOTS names; nothing where none is named."""
    if PICTURES:
        Path(PICTURES).mkdir(exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
