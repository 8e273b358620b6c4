"""Licence types designed by officials: the page, its faults, the second person, the day, and what was issued before."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotFound
from tongban.foundation.layouts.queries import faults_in
from tongban.foundation.organisations.queries import department
from tongban.services.licences.actions import design_type, hand_in_type, publish_type, return_type
from tongban.services.licences.errors import TypeRefused
from tongban.services.licences.models import LicenceType
from tongban.services.licences.queries import type_in_force, types_in_force
from tongban.services.licences.queries.designing import describe, drawn_draft, reasons_of_draft, too_long_in
from tongban.services.licences.rules.designing import box_of, fresh, new_mark, sample_values, standard_pages
from tongban.services.licences.rules.drawing import filled, without_seals

from .factories import PERMIT, make_licence, make_type, make_type_draft, make_type_in_review

TOMORROW = timedelta(days=1)


def test_the_standard_page_is_a_page_to_begin_from() -> None:
    pages = standard_pages(PERMIT)
    assert faults_in(without_seals(pages)) == []
    texts = [mark.get("text", "") for page in pages for mark in page["marks"]]
    assert "{business_name}" in texts
    assert [mark["kind"] for page in pages for mark in page["marks"]].count("seal") == 1
    made, _place = filled(pages, sample_values(PERMIT))
    assert "{" not in "".join(mark.get("text", "") for page in made for mark in page["marks"])


@pytest.mark.parametrize("kind", ["text", "qr", "line", "rect", "seal"])
def test_each_mark_one_can_add_stands_on_its_page(kind: str) -> None:
    for size in ([210.0, 297.0], [297.0, 210.0]):
        mark = new_mark(kind, "{name}", size=size, before=7)
        assert faults_in(without_seals([{"size": size, "marks": [mark]}])) == []
        assert box_of(mark) is not None


@given(st.dictionaries(st.sampled_from(["x", "y", "w", "h", "x1"]), st.none() | st.floats() | st.text(max_size=5)))
def test_whatever_stands_in_a_draft_has_a_box_or_none(mark: dict[str, Any]) -> None:
    for kind in ("text", "line", "seal", None):
        box_of({"kind": kind, **mark})


@pytest.fixture
def designer(db: None) -> Actor:
    return officer("item_manager")


def colleague_of(designer: Actor) -> Actor:
    assert designer.department_id is not None
    return officer("item_manager", department=department(designer.department_id))


def put(designer: Actor, draft: Draft, path: str, value: Any) -> Draft:
    ops = [{"op": "add", "path": path, "value": value}]
    edit(actor=designer, draft_id=draft.pk, revision=draft.revision, ops=ops)
    draft.refresh_from_db()
    return draft


def test_a_new_type_is_designed_reviewed_and_holds_from_its_day(designer: Actor) -> None:
    row = make_type_in_review(designer)
    assert (row.status, row.version) == ("in_review", 1)
    assert row.code not in {one.code for one in types_in_force()}
    done = publish_type(actor=colleague_of(designer), type_id=row.pk, effective_on=today())
    assert type_in_force(done.code).pk == row.pk
    assert done.reviewed_by


def test_who_wrote_in_it_does_not_publish_it(designer: Actor) -> None:
    row = make_type_in_review(designer)
    with pytest.raises(NotAllowed):
        publish_type(actor=designer, type_id=row.pk, effective_on=today())
    with pytest.raises(NotAllowed):
        publish_type(actor=officer("item_manager"), type_id=row.pk, effective_on=today())
    with pytest.raises(TypeRefused):
        publish_type(actor=colleague_of(designer), type_id=row.pk, effective_on=today() - TOMORROW)


def test_what_was_issued_keeps_its_version(designer: Actor) -> None:
    make_type()
    licence = make_licence()
    draft = design_type(actor=designer, code=PERMIT["code"])
    draft = put(designer, draft, "/name", "食品经营许可证（新版）")
    row = hand_in_type(actor=designer, draft_id=draft.pk)
    publish_type(actor=colleague_of(designer), type_id=row.pk, effective_on=today() + TOMORROW)
    assert row.version == 2
    assert type_in_force(PERMIT["code"]).version == 1, "until its day the old one holds"
    assert type_in_force(PERMIT["code"], today() + TOMORROW).version == 2
    licence.refresh_from_db()
    assert licence.type.version == 1


def test_it_is_given_back_with_a_reason_and_handed_in_again(designer: Actor) -> None:
    row = make_type_in_review(designer)
    colleague = colleague_of(designer)
    with pytest.raises(TypeRefused):
        return_type(actor=colleague, type_id=row.pk, reason=" ")
    return_type(actor=colleague, type_id=row.pk, reason="编号规则不对")
    with pytest.raises(Conflict):
        publish_type(actor=colleague, type_id=row.pk, effective_on=today())
    assert row.draft_id is not None
    assert hand_in_type(actor=designer, draft_id=row.draft_id).version == 2


def test_another_departments_type_is_not_ours_to_design(designer: Actor) -> None:
    make_type(issuers=["别的局"])
    with pytest.raises(NotFound):
        design_type(actor=designer, code=PERMIT["code"])


def test_faults_are_told_with_their_place(designer: Actor) -> None:
    draft = make_type_draft(designer)
    marks = [{"kind": "seal", "x": 150, "y": 240}, new_mark("text", "{nothing}") | {"x": 205}]
    draft = put(designer, draft, "/pages", [{"size": [210, 297], "marks": marks}])
    (reason,) = reasons_of_draft(draft.content, draft.key)
    assert str(reason.text).startswith("版面第1页第2个（文字）")
    draft = put(designer, draft, "/pages/0/marks/1/x", 26)
    assert [one.code for one in reasons_of_draft(draft.content, draft.key)] == ["licences.type_pages_gap"]
    with pytest.raises(TypeRefused):
        hand_in_type(actor=designer, draft_id=draft.pk)
    assert describe("/fields/0/label", draft.content) == "数据项1（姓名）"


def test_what_does_not_fit_is_told(designer: Actor) -> None:
    draft = make_type_draft(designer)
    mark = new_mark("text", "这一行字在这样小的框里无论如何也放不下" * 3) | {"w": 5.0, "h": 3.0}
    draft = put(designer, draft, "/pages", [{"size": [210, 297], "marks": [mark]}])
    assert reasons_of_draft(draft.content, draft.key) == []
    assert len(too_long_in(draft.content)) == 1


def test_a_picture_is_drawn(designer: Actor) -> None:
    data = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(data, "PNG")
    mark = {"kind": "picture", "x": 10, "y": 10, "w": 20, "h": 20, "png": base64.b64encode(data.getvalue()).decode()}
    content = fresh(code="11510000LA5100018L001", definer="某局", issuer="某局") | {
        "pages": [{"size": [210, 297], "marks": [mark]}]
    }
    assert drawn_draft(content)[0]["marks"][0]["png"] == data.getvalue()


def test_the_designer_page(designer: Actor, client) -> None:
    browser = sign_in(client, designer)
    answer = browser.post("/console/licences/types/begin/")
    assert answer.status_code == 302
    draft = Draft.objects.get(kind="licence_type")
    assert "处需要修改" in browser.get(answer.url).content.decode()
    draft = make_type_draft(colleague_of(designer))
    here = f"/console/licences/types/drafts/{draft.pk}/"
    assert browser.get(f"{here}preview/1.svg")["Content-Type"] == "image/svg+xml"
    put(designer, draft, "/pages", standard_pages(draft.content))
    text = browser.get(f"{here}pages/").content.decode()
    assert "印章位置" in text
    assert browser.get(f"{here}preview/9.svg").status_code == 404
    for nonsense in (
        [{"size": "x", "marks": 1}],
        "words",
        [{"size": [0, -1], "marks": [7, {"kind": "text", "x": None}]}],
    ):
        put(designer, draft, "/pages", nonsense)
        assert browser.get(here).status_code == 200
        assert browser.get(f"{here}preview/1.svg").status_code == 404
    assert browser.post(f"{here}hand-in/").status_code == 422
    assert browser.post("/console/licences/types/begin/", {"code": draft.key}).url == here, (
        "begun before: go on with it"
    )


def test_the_review_page(designer: Actor, client) -> None:
    row = make_type_in_review(designer)
    browser = sign_in(client, colleague_of(designer))
    here = f"/console/licences/types/{row.pk}/"
    assert "示例证" in browser.get("/console/licences/types/").content.decode()
    assert browser.get(here).status_code == 200
    assert browser.get(f"{here}1.svg").status_code == 200
    assert browser.post(f"{here}answer/", {"answer": "publish", "effective_on": "nonsense"}).status_code == 422
    browser.post(f"{here}answer/", {"answer": "publish", "effective_on": today().isoformat()})
    assert LicenceType.objects.get(pk=row.pk).status == "published"
