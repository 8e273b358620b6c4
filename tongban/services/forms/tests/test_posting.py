"""A rendered page, posted back unchanged, gives the same answers; what cannot be read stays as typed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict

from tongban.foundation.files.actions import store
from tongban.services.forms.queries import check, parse_notes, parse_post, render, summary
from tongban.services.forms.rules.posting import read_day, read_money, read_number
from tongban.services.forms.tests.factories import PICTURE, citizen, divisions
from tongban.services.forms.tests.samples import ANSWERS, EVERYTHING, FILE


class Controls(HTMLParser):
    """What a browser without script would post: every successful control, no button."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[tuple[str, str]] = []
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen = dict(attrs)
        name = seen.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in seen:
            self.posted.append((self.select, seen.get("value") or ""))
        elif tag == "textarea":
            self.area = name
        elif tag == "input" and name and seen.get("type") != "file" and self._is_on(seen):
            self.posted.append((name, seen.get("value") or ""))

    def _is_on(self, seen: dict[str, str | None]) -> bool:
        return seen.get("type") not in ("checkbox", "radio") or "checked" in seen

    def handle_data(self, data: str) -> None:
        if self.area:
            self.posted.append((self.area, data.removeprefix("\n")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def posted_by(html: str, **changes: Any) -> QueryDict:
    controls = Controls()
    controls.feed(html)
    post = QueryDict(mutable=True)
    for name, value in controls.posted:
        post.appendlist(name, value)
    for name, value in changes.items():
        post[name] = value
    return post


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1200.5", 120050),
        ("1,200.50元", 120050),
        ("￥0.01", 1),
        ("１２", 1200),
        ("1.005", "1.005"),
        ("-3", "-3"),
        ("", ""),
    ],
)
def test_yuan_are_read_as_fen(typed: str, fen: int | str):
    assert read_money(typed) == fen


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-3-8", "2026-03-08"),
        ("2026年3月8日", "2026-03-08"),
        ("20260308", "2026-03-08"),
        ("２０２６/０３/０８", "2026-03-08"),
        ("2026-02-30", "2026-02-30"),
        ("明天", "明天"),
    ],
)
def test_days_are_read_in_the_ways_people_write_them(typed: str, day: str):
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "number"), [("1,000", 1000), ("12.50", 12.5), ("1e9", "1e9"), ("十", "十"), ("9" * 400, "9" * 400)]
)
def test_numbers(typed: str, number: Any):
    assert read_number(typed) == number


def test_unknown_computed_and_hidden_fields_are_not_read():
    post = QueryDict("venue_name=清渠&staff_count=99&forged=1&kind=hotel&_shown=venue_name&_shown=kind&outdoor=no")
    assert parse_post(EVERYTHING, post) == {"venue_name": "清渠", "kind": "hotel"}


def test_answers_not_on_the_page_are_kept_from_the_draft():
    post = QueryDict("_shown=kind&kind=hotel")
    before = {"kind": "pool", "outdoor": "no", "area": 5}
    assert parse_post(EVERYTHING, post, before) == {"kind": "hotel", "outdoor": "no", "area": 5}


def test_rows_are_added_and_removed_by_buttons():
    rows = "staff._rows=2&staff.0.name=甲&staff.1.name=乙"
    assert parse_post(EVERYTHING, QueryDict(f"{rows}&_do=add:staff"))["staff"] == [{"name": "甲"}, {"name": "乙"}, {}]
    assert parse_post(EVERYTHING, QueryDict(f"{rows}&_do=remove:staff:0"))["staff"] == [{"name": "乙"}]
    assert parse_post(EVERYTHING, QueryDict(f"{rows}&_do=remove:staff:x"))["staff"] == [{"name": "甲"}, {"name": "乙"}]


def test_a_forged_count_of_rows_costs_nothing():
    assert len(parse_post(EVERYTHING, QueryDict("staff._rows=999999999"))["staff"]) == 200
    assert "staff" not in parse_post(EVERYTHING, QueryDict("staff._rows=-1"))


def test_an_address_is_the_deepest_level_that_fits():
    levels = "address.level1=510000000000&address.level2=511600000000&address.level3=511602000000&address.level4=511602001000"
    post = QueryDict(f"{levels}&address.level5=511602001001&address.detail=1号")
    assert parse_post(EVERYTHING, post)["address"] == {"division": "511602001001", "detail": "1号"}
    left_over = QueryDict(f"{levels}&address.level5=110101001001")
    assert parse_post(EVERYTHING, left_over)["address"]["division"] == "511602001000"


def test_ten_megabytes_are_not_kept():
    post = QueryDict(mutable=True)
    post["story"] = "长" * 10_000_000
    assert len(parse_post(EVERYTHING, post)["story"]) == 20_001


def test_notes_beside_prefilled_values_are_read():
    post = QueryDict("venue_name.note=少了一个字&nothing.note=x")
    assert parse_notes(EVERYTHING, post) == {"venue_name": "少了一个字"}


@pytest.mark.django_db
@pytest.mark.parametrize("city_known", [True, False])
def test_a_page_posted_back_gives_the_same_answers(city_known: bool, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    if city_known:
        divisions()
    stored = str(store(actor=citizen(), upload=PICTURE, name="图.png").pk)
    answers = ANSWERS | {"plan": stored, "signature": stored}
    assert parse_post(EVERYTHING, posted_by(render(EVERYTHING, answers))) == answers


@pytest.mark.django_db
def test_a_page_nobody_filled_in_posts_nothing():
    divisions()
    answers = parse_post(EVERYTHING, posted_by(render(EVERYTHING, {})))
    assert answers == {"staff": [{}]}  # one blank row stands there, since one is needed
    assert check(EVERYTHING, answers, {}) != []


@pytest.mark.django_db
def test_everything_typed_is_still_there_when_it_is_wrong():
    wrong = {
        **ANSWERS,
        "area": "很大",
        "capital": "一百万",
        "open_on": "2026-02-30",
        "id_number": "123",
        "kind": "hotel",
    }
    html = render(EVERYTHING, wrong)
    for typed in ("很大", "一百万", "2026-02-30", "123"):
        assert f'value="{typed}"' in html


@pytest.mark.django_db
def test_what_people_type_never_becomes_part_of_the_page():
    evil = '"><script>alert(1)</script>'
    answers = {"venue_name": evil, "story": f"</textarea>{evil}", "staff": [{"name": evil}], "kind": evil, "area": evil}
    sources = {"venue_name": {"value": evil, "source": evil, "as_of": ""}}
    for html in (
        render(EVERYTHING, answers, [], sources, notes={"venue_name": evil}),
        summary(EVERYTHING, answers, sources),
    ):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


@pytest.mark.django_db
def test_a_page_costs_a_fixed_number_of_queries(django_assert_num_queries, django_assert_max_num_queries):
    divisions()
    place = {"division": "511602001001", "detail": "1号"}
    form = {
        "groups": [
            {
                "key": "g",
                "fields": [
                    {
                        "key": "places",
                        "label": "地点",
                        "type": "repeat",
                        "fields": [
                            {"key": "at", "label": "地址", "type": "address"},
                            {"key": "plan", "label": "图", "type": "file"},
                        ],
                    }
                ],
            }
        ]
    }
    for rows in (1, 30):
        answers = {"places": [{"at": place, "plan": FILE}] * rows}
        with django_assert_num_queries(7):  # the names, the files, five lists of options
            render(form, answers)
        with django_assert_num_queries(2):
            summary(form, answers)
        with django_assert_max_num_queries(1):  # none once this process has met the place
            check(form, answers, {})
