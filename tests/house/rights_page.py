"""The auditor's table of rights: `python -m tests.house.rights_page` writes docs/rights.md from rights.toml and the grants."""

from __future__ import annotations

import os
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rights.md"
HEAD = """# Who may open and call what

Written by `python -m tests.house.rights_page` from `tests/house/rights.toml` (who is let in), the audience each page wears and
the grants of the roles (`identity/rules.py`: how far a right reaches); a test fails when it is out of date, and
`tests/house/test_rights.py` lets everybody try everything, with real things of somebody else's.

- **own**: the person whose case, draft, bill, letter, file, licence or message it is. **others**: another person, another company
  (for a company's own mandates: the company itself).
- **department**: staff of the department that the thing belongs to. **elsewhere**: staff of another department of the division.
  **beyond**: staff of another division. `all staff` is every role. Where a line is about no single thing (a list, a search, an
  export, a count), `same` says that the same roles enter and find only what is theirs to see.
- An empty cell is a refusal: sent to sign in, 403, or 404 where even the existence of another's thing is not told.
- A line about a thing is marked ◆. Systems are those of departments, by key: `system` of the thing's department, `narrow-system`
  without the scope, `other-system` of another department.

What tries it: every role asks for every line (`test_every_page…`, `test_every_operation…`); colleagues of the same role in
another department and in another division ask for every thing (`test_things_are_not_seen_from_elsewhere`); what strangers are
shown on any list, search, export or count is searched for the things of others (`test_every_page…`). Strangers and colleagues
elsewhere read every list, search, export and total again after the department got one more of everything, and find it
unchanged, while its own people find it (`tests/house/test_elsewhere.py`).

"""
COLUMNS = ("not signed in", "own", "others", "department", "elsewhere", "beyond")


def cells(route: str, line: str, verb: str, about_a_thing: bool) -> list[str]:
    from .reach import of_department, of_division
    from .test_rights import STAFF, expected

    let_in = expected(line)
    staff = let_in & (STAFF - {"other-clerk"})
    others = " ".join(sorted(let_in & {"person", "company"}))
    own = "yes" if "applicant" in let_in else ""
    anybody = "yes" if "nobody" in let_in else ""
    if not staff:
        return [anybody, own, others, "", "", ""]
    if not about_a_thing:
        beyond = _roles(staff) if anybody else "same"
        return [anybody, own, others, _roles(staff), beyond, beyond]
    return [anybody, own, others, _roles(staff), _roles(of_department(staff, verb)), _roles(of_division(staff, verb))]


def _roles(roles: set[str]) -> str:
    from .test_rights import STAFF

    return "all staff" if roles == STAFF - {"other-clerk"} else " ".join(sorted(roles))


def page() -> str:
    from .reach import is_about_somebodys, verbs
    from .test_rights import SYSTEMS, TABLE, expected

    needed = verbs()
    out = [HEAD, "## Pages\n", f"| address | needs | {' | '.join(COLUMNS)} |", "|---|---|" + "---|" * len(COLUMNS)]

    for route, line in TABLE["pages"].items():
        told = cells(route, line, needed.get(route, ""), is_about_somebodys(route))
        mark = " ◆" if is_about_somebodys(route) else ""
        out.append(f"| `/{route}`{mark} | {needed.get(route, '')} | {' | '.join(told)} |")
    out += [
        "\n## Operations of the API\n",
        f"| operation | {' | '.join(COLUMNS)} | systems |",
        "|---|" + "---|" * (len(COLUMNS) + 1),
    ]
    for operation, line in TABLE["api"].items():
        told = cells(operation, line, "", is_about_somebodys(operation))
        keys = " ".join(sorted(expected(line) & SYSTEMS))
        out.append(f"| `{operation}`{' ◆' if is_about_somebodys(operation) else ''} | {' | '.join(told)} | {keys} |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    django.setup()
    PAGE.write_text(page())
