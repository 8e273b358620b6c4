"""Every page of the house, by those whom it lets in, with hostile values in its address and in its forms.

The pages are those of the rights table. The fields are those that stand on the page and those that its room's face reads;
some keep what the page had in them, so that what lies behind the first check is reached too.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from tests.house.reach import PARAMETER
from tests.house.rights import Town, shown
from tests.house.test_project import routes
from tests.house.test_rights import TABLE, expected
from tongban.foundation.identity.tests.factories import sign_in

from . import hostile
from .callers import undone
from .lengths import examples, made_up

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.hypothesis]
PARTS = 2  # so that several processes share the work
FORM = "application/x-www-form-urlencoded"
INPUT = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"[^>]*')
VALUE = re.compile(r'\bvalue="([^"]*)"')
READ = re.compile(r"""(?:GET|POST|typed|given|data)(?:\.get|\.getlist)?[(\[]\s*["']([\w-]+)["']""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEAVES = {"account/logout/", "my/security/sessions/<int:session_id>/end/"}  # whoever asked is signed out afterwards

Pairs = list[tuple[str, str]]


def encoded(pairs: Pairs) -> str:
    """As a browser would send it, had it lone surrogates to send."""
    return urlencode(
        [(n.encode("utf-8", "surrogatepass"), v.encode("utf-8", "surrogatepass")) for n, v in pairs], quote_via=quote
    )


@cache
def read_by(view: Any) -> frozenset[str]:
    """The fields that the file of a view reads, whichever of its views does."""
    module = inspect.getmodule(inspect.unwrap(view))
    return frozenset(READ.findall(inspect.getsource(module))) if module else frozenset()


def fields_of(page: str, view: Any) -> dict[str, str]:
    found = dict.fromkeys(sorted(read_by(view)), "")
    for tag in INPUT.finditer(page):
        value = VALUE.search(tag.group(0))
        found[tag.group(1)] = value.group(1) if value else ""
    return found | {"page": "1", "cursor": "", "q": "", "next": ""}


def complaint(answer: HttpResponse) -> str:
    """What is wrong with an answer to nonsense: a fault of ours, its inside shown, or no word a reader understands."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code >= 500 and answer.status_code != 503:
        return "broke"
    text = shown(answer) if "html" in kind or "json" in kind else ""
    if "json" in kind:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    if "Traceback (most recent" in text:
        return "shows its inside"
    read_by_people = "html" in kind or "problem+json" in kind  # a payment channel's own notice is read by its machine
    if answer.status_code >= 400 and answer.status_code != 405 and read_by_people and not CHINESE.search(text):
        return f"refuses without a word of Chinese ({answer.status_code} {kind} {text[:80]})"
    return ""


@st.composite
def filled_in(draw: st.DrawFn, fields: dict[str, str]) -> Pairs:
    """Some fields as they were, some hostile, some twice, some left out."""
    pairs: Pairs = []
    for name, value in fields.items():
        how = draw(st.sampled_from(("hostile", "kept", "twice", "missing")))
        if how != "missing":
            pairs.append((name, value if how == "kept" else draw(hostile.values)))
        if how == "twice":
            pairs.append((name, draw(hostile.values)))
    return pairs


def fuzz(town: Town, route: str, browsers: dict[str, Client], statuses: Counter[int]) -> None:
    """Ask for one page, post to it, and ask for its likes at odd addresses."""
    path, view = town.path(route), dict(routes(get_resolver().url_patterns))[route]
    with undone():
        first = next(iter(browsers.values())).get(path)
        page = shown(first) if "html" in first.headers.get("Content-Type", "") else ""
    fields = fields_of(page, view)

    @made_up(examples(short=1, long=60))
    @given(st.sampled_from(sorted(browsers)), filled_in(fields), filled_in(fields), hostile.values)
    def asked(role: str, query: Pairs, form: Pairs, part_of_path: str) -> None:
        odd = quote(part_of_path[:300].encode("utf-8", "surrogatepass"), safe="")
        requests = [("GET", f"{path}?{encoded(query)}", ""), ("POST", path, encoded(form))]
        if route in LEAVES:
            requests.pop()
        if PARAMETER.search(route):
            requests.append(("GET", "/" + PARAMETER.sub(odd, route), ""))
        for method, address, body in requests:
            with undone():
                answer = browsers[role].generic(method, address, body, FORM)
                wrong = complaint(answer)
            statuses[answer.status_code] += 1
            assert not wrong, f"{method} {wrong}"

    asked()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_answers_whatever_is_typed(town: Town, part: int) -> None:
    browsers = {role: Client(raise_request_exception=False) for role in ("nobody", *town.actors)}
    for role, actor in town.actors.items():
        sign_in(browsers[role], actor)
    faults, statuses = [], Counter[int]()
    for route, line in list(TABLE["pages"].items())[part::PARTS]:
        let_in = {role: browsers[role] for role in expected(line) or {"nobody"}}
        try:
            fuzz(town, route, let_in, statuses)
        except Exception as fault:  # all that there are, not the first alone
            faults.append(f"{route}: {str(fault)[:600]}")
    print(f"answers: {dict(sorted(statuses.items()))}")  # noqa: T201
    assert not faults, "\n".join(faults)
