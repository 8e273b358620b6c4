"""The checklist of security controls: `python -m tests.house.security_page` writes docs/security.md from controls.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
TABLE = Path(__file__).with_name("controls.toml")
HEAD = """# Security controls, with the code and the test of each

Written by `python -m tests.house.security_page` from `tests/house/controls.toml`. The application controls of 等级保护 level 3
(GB/T 22239-2019, 安全计算环境 and 安全管理中心) and the lines of 密评 (GB/T 39786-2021). A test checks that every control has a
line and that every place named exists. **Open** is what is not done here, or is the operator's duty: an assessor begins there.
Limits are in `tongban/config/settings/limits.py`, who may do what in [rights.md](rights.md).

| control | how | code | test | open |
|---|---|---|---|---|
"""


def controls() -> list[dict[str, Any]]:
    return list(tomllib.loads(TABLE.read_text(encoding="utf-8"))["control"])


def _places(named: list[str]) -> str:
    return "<br>".join(f"`{place}`" for place in named)


def page() -> str:
    lines = [
        f"| {one['id']} {one['name']} | {one['how']} | {_places(one['code'])} | {_places(one['tests'])} | {one.get('open', '')} |"
        for one in controls()
    ]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
