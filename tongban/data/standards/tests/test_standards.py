"""Written by one, agreed to by another; every version stays; codes of any size."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import InternalError, ProgrammingError

from tongban.data.standards import actions, queries
from tongban.data.standards.errors import DraftChanged, StandardMoved, StandardRefused, TableUnusable
from tongban.data.standards.models import CodeValue, Standard, Version
from tongban.data.standards.rules import Code, mark_of
from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn

from .factories import LOADER, keeper, make_draft, make_set

pytestmark = pytest.mark.django_db
WRITER, REVIEWER = keeper("standards.see", "standards.write"), keeper("standards.see", "standards.review")


def test_a_code_set_from_draft_to_the_version_that_holds() -> None:
    draft = make_draft(WRITER)
    with pytest.raises(StandardRefused):
        actions.hand_in(actor=WRITER, version_id=draft.pk)  # without a code
    actions.put_value(actor=WRITER, version_id=draft.pk, code="1", name="甲")
    actions.put_value(actor=WRITER, version_id=draft.pk, code="2", name="乙")
    actions.put_value(actor=WRITER, version_id=draft.pk, code="2", name="丙")
    actions.drop_value(actor=WRITER, version_id=draft.pk, code="1")
    actions.hand_in(actor=WRITER, version_id=draft.pk)
    actions.send_back(actor=REVIEWER, version_id=draft.pk, reason="缺备注")
    actions.hand_in(actor=WRITER, version_id=draft.pk)
    actions.agree(actor=REVIEWER, version_id=draft.pk)
    assert queries.codes_in_force("SX") == {"2": "丙"}
    assert queries.set_in_force("SX", date(2025, 12, 31)) is None, "not before its day"
    told = Fact.objects.filter(name__startswith="standards.").order_by("id").values_list("name", flat=True)
    assert list(told) == [
        "standards.drafted", *["standards.codes_changed"] * 4, "standards.handed_in", "standards.sent_back",
        "standards.handed_in", "standards.published",
    ]  # fmt: skip


def test_nobody_agrees_to_what_he_wrote_and_only_who_may_writes() -> None:
    both = keeper("standards.see", "standards.write", "standards.review")
    draft = make_draft(both)
    actions.put_value(actor=both, version_id=draft.pk, code="1", name="甲")
    actions.hand_in(actor=both, version_id=draft.pk)
    with pytest.raises(StandardRefused) as refused:
        actions.agree(actor=both, version_id=draft.pk)
    assert [reason.code for reason in refused.value.reasons] == ["own"]
    for actor, error in ((ANONYMOUS, NotSignedIn), (WRITER, NotAllowed)):
        with pytest.raises(error):
            actions.agree(actor=actor, version_id=draft.pk)
    with pytest.raises(NotAllowed):
        make_draft(REVIEWER, key="SY")


def test_versions_are_kept_compared_and_withdrawn() -> None:
    first = make_set()
    second = actions.begin_version(actor=WRITER, standard_id=first.standard_id, effective_on=date(2026, 3, 1))
    with pytest.raises(StandardMoved):
        actions.begin_version(actor=WRITER, standard_id=first.standard_id, effective_on=date(2026, 3, 1))
    actions.put_value(actor=WRITER, version_id=second.pk, code="9", name="未说明")
    actions.put_value(actor=WRITER, version_id=second.pk, code="2", name="女")
    actions.drop_value(actor=WRITER, version_id=second.pk, code="1")
    actions.hand_in(actor=WRITER, version_id=second.pk)
    actions.agree(actor=REVIEWER, version_id=second.pk)
    told = queries.differences(actor=WRITER, old_id=first.pk, new_id=second.pk)
    assert (told.added, told.gone, told.renamed) == (1, 1, 1)
    assert told.rows == [("1", "男性", ""), ("2", "女性", "女"), ("9", "", "未说明")]
    assert queries.codes_in_force("GB/T 2261.1", date(2026, 2, 28)) == {"1": "男性", "2": "女性"}
    assert queries.codes_in_force("GB/T 2261.1", date(2026, 3, 1)) == {"2": "女", "9": "未说明"}
    actions.withdraw(actor=REVIEWER, version_id=second.pk, reason="写错了")
    assert queries.codes_in_force("GB/T 2261.1", date(2026, 3, 1)) == {"1": "男性", "2": "女性"}


def test_what_is_published_stands_in_the_database_itself() -> None:
    first = make_set()
    for change in (
        lambda: Version.objects.filter(pk=first.pk).update(content={"name": "别的"}),
        lambda: CodeValue.objects.filter(version=first).update(name="别的"),
        lambda: CodeValue.objects.filter(version=first).delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()
    with pytest.raises(StandardMoved):
        actions.put_value(actor=WRITER, version_id=first.pk, code="3", name="丙")


def test_a_file_replaces_the_codes_or_changes_nothing() -> None:
    draft = make_draft(WRITER)
    actions.put_value(actor=WRITER, version_id=draft.pk, code="1", name="甲")
    with pytest.raises(TableUnusable) as refused:
        actions.import_values(actor=WRITER, version_id=draft.pk, name="a.csv", data="代码,名称\n1,男\n1,女\n".encode())
    assert [reason.code for reason in refused.value.reasons] == ["twice"]
    with pytest.raises(TableUnusable):
        actions.import_values(actor=WRITER, version_id=draft.pk, name="a.xlsx", data=b"PK nothing")
    assert draft.values.count() == 1
    data = "代码,名称,上级,备注\n51,四川省,,\n5116,广安市,51,\n".encode("gb18030")
    assert actions.import_values(actor=WRITER, version_id=draft.pk, name="a.csv", data=data).values_count == 2
    again = queries.values_file(actor=WRITER, version_id=draft.pk)
    assert again.decode("utf-8-sig").splitlines()[1:] == ["51,四川省,,", "5116,广安市,51,"]
    assert actions.import_values(actor=WRITER, version_id=draft.pk, name="b.csv", data=again).values_count == 2


def test_a_large_set_goes_in_at_once_and_is_not_put_into_rules() -> None:
    many = make_set("DIV", [Code(f"{n:012d}", f"第{n}村", f"{n // 1000:09d}") for n in range(20_000)])
    assert many.values_count == 20_000
    assert queries.codes_in_force("DIV") == {}
    assert len(queries.below("DIV", "00000000001")) == 10
    page = queries.values_page(actor=WRITER, version_id=many.pk, words="第777村")
    assert [one.code for one in page] == ["000000000777"]


def test_an_element_is_refused_with_every_reason() -> None:
    with pytest.raises(StandardRefused) as refused:
        actions.begin_standard(
            actor=WRITER, kind="element", key="", content={"name": "", "format": "zz"}, effective_on=date(2026, 1, 1)
        )
    assert {reason.field for reason in refused.value.reasons} == {"name", "definition", "data_type", "format", "key"}


def test_what_comes_with_the_house_is_loaded_once() -> None:
    assert actions.load_standards(actor=LOADER) >= 15
    assert actions.load_standards(actor=LOADER) == 0
    assert len(queries.codes_in_force("GB/T 3304")) == 58
    element = queries.holding(Standard.objects.get(key="DE00003").pk)
    assert element is not None
    assert element.content["code_set"] in queries.set_keys()


def test_a_draft_nobody_wants_goes_with_its_standard() -> None:
    draft = make_draft(WRITER)
    actions.put_value(actor=WRITER, version_id=draft.pk, code="1", name="甲")
    actions.drop_draft(actor=WRITER, version_id=draft.pk)
    assert not Standard.objects.exists()
    assert queries.bound_items([uuid4()]) == {}


def test_of_two_who_change_a_draft_the_second_is_told() -> None:
    draft = make_draft(WRITER)
    mark = mark_of(draft.content, draft.effective_on)
    known: dict[str, Any] = {"actor": WRITER, "version_id": draft.pk, "effective_on": date(2026, 2, 1), "mark": mark}
    actions.change_draft(content={"name": "甲改的"}, **known)
    with pytest.raises(DraftChanged):
        actions.change_draft(content={"name": "乙改的"}, **known)
    draft.refresh_from_db()
    assert draft.content["name"] == "甲改的"


def test_a_day_that_is_none_and_a_withdrawal_without_a_word_are_refused() -> None:
    with pytest.raises(StandardRefused) as refused:
        actions.begin_standard(actor=WRITER, kind="code_set", key="SX", content={"name": "示例"}, effective_on=None)
    assert [reason.field for reason in refused.value.reasons] == ["effective_on"]
    published = make_set()
    with pytest.raises(StandardRefused) as refused:
        actions.withdraw(actor=REVIEWER, version_id=published.pk, reason=" ")
    assert [reason.field for reason in refused.value.reasons] == ["reason"]


def test_what_nobody_sees_is_not_kept_and_what_would_run_is_inert_in_the_file() -> None:
    draft = make_draft(WRITER, key="S\u200bX", name="示\u202e例")
    assert (draft.standard.key, draft.content["name"]) == ("SX", "示例")
    actions.put_value(actor=WRITER, version_id=draft.pk, code="-1", name="=HYPERLINK()")
    file = queries.values_file(actor=WRITER, version_id=draft.pk)
    assert "'-1,'=HYPERLINK()" in file.decode("utf-8-sig")
    actions.import_values(actor=WRITER, version_id=draft.pk, name="codes.csv", data=file)
    assert draft.values.get().code == "-1", "and it comes back as it was"


@pytest.mark.parametrize(
    "data",
    [b'\xe4\xbb\xa3\xe7\xa0\x81,\xe5\x90\x8d\xe7\xa7\xb0\n"1"x,2\n', "代码,名称\n1,甲".encode("utf-16"), b"PK\x03\x04"],
)
def test_a_broken_file_is_told_and_changes_nothing(data: bytes) -> None:
    draft = make_draft(WRITER)
    actions.put_value(actor=WRITER, version_id=draft.pk, code="1", name="甲")
    for name in ("codes.csv", "codes.xlsx"):
        with pytest.raises(TableUnusable):
            actions.import_values(actor=WRITER, version_id=draft.pk, name=name, data=data)
    assert draft.values.count() == 1


def test_a_code_that_belongs_elsewhere_now_says_where() -> None:
    first = make_set(codes=[Code("1", "甲", "0"), Code("0", "总")])
    second = actions.begin_version(actor=WRITER, standard_id=first.standard_id, effective_on=date(2026, 1, 1))
    actions.put_value(actor=WRITER, version_id=second.pk, code="1", name="甲", parent="9")
    assert queries.differences(actor=WRITER, old_id=first.pk, new_id=second.pk).rows == [
        ("1", "甲（上级 0）", "甲（上级 9）")
    ]


def test_nothing_is_bound_to_what_was_never_published() -> None:
    draft = make_draft(WRITER)
    with pytest.raises(StandardRefused) as refused:
        actions.bind(actor=REVIEWER, standard_id=draft.standard_id, item_id=uuid4())
    assert [reason.code for reason in refused.value.reasons] == ["unpublished"]
