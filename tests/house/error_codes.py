"""The page that lists every way to say no: `python -m tests.house.error_codes` writes docs/errors.md."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "errors.md"
HEAD = """# Every way to say no

Written by `python -m tests.house.error_codes`; a test fails when it is out of date. A refusal carries a stable `code`, an HTTP
status, a sentence for the person, and every reason at once (`Reason(code, text, field)`). The API gives it as a problem document
(RFC 9457) with the code in `type`; pages show the sentence. Codes never change their meaning.

| code | status | sentence | raised by |
|---|---:|---|---|
"""


def classes(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from classes(kind)


def page() -> str:
    from django.utils.translation import override

    from tongban.foundation.kernel.errors import TongbanError

    importlib.import_module("tongban.config.urls")  # and with it every face
    for path in sorted((ROOT / "tongban").glob("*/*/errors.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    importlib.import_module("tongban.config.urls")  # every face, and the API with refusals of its own
    found = {
        kind.code: (kind.status, str(kind.title), kind.__module__)  # type: ignore[attr-defined]
        for kind in sorted(set(classes(TongbanError)), key=lambda kind: (kind.__module__, kind.__name__), reverse=True)
        if kind.__module__.startswith("tongban.") and ".tests" not in kind.__module__
    }
    with override("zh-hans"):
        rows = [f"| `{code}` | {status} | {title} | {home} |" for code, (status, title, home) in sorted(found.items())]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    django.setup()
    PAGE.write_text(page())
