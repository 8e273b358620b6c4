"""An unfinished definition: its gaps, what is checked nevertheless, and where each finding leads."""

from __future__ import annotations

import pytest

from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.authoring.queries import describe, findings_of
from tongban.services.authoring.rules import filled, gaps_in, pointer
from tongban.services.items.queries import shape_faults
from tongban.services.items.tests.factories import a_definition, with_material

CONTENT = a_definition()


def paths(content: dict) -> set[str]:
    return {finding.path for finding in findings_of(content)}


def test_a_findings_path_leads_to_its_row() -> None:
    assert pointer(CONTENT, "materials.water.when") == "/materials/1/when"
    assert pointer(CONTENT, "flow.stages.decide.limit_days") == "/flow/stages/1/limit_days"
    assert pointer(CONTENT, "results.0.type") == "/results/0/type"
    assert pointer(CONTENT, "promise.days") == "/promise/days"


def test_what_is_missing_is_a_gap_once() -> None:
    content = a_definition(plain_name="") | {"promise": {"days": None, "unit": "1"}}
    del content["summary"]
    gaps = {gap.path: gap.empty for gap in gaps_in(content, shape_faults(content))}
    assert gaps == {"/plain_name": True, "/summary": True, "/promise/days": True}
    whole, silent = filled(content, gaps_in(content, shape_faults(content)), CONTENT)
    assert not shape_faults(whole)
    assert silent == {"plain_name", "summary", "promise"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [{}, {"code": 5}, {"materials": 7, "flow": [], "form": None}, {"materials": [3, {}]}]
)
def test_any_document_can_be_looked_at(content: dict) -> None:
    assert findings_of(content)


@pytest.mark.django_db
def test_what_is_fine_is_said_to_be_fine() -> None:
    make_department("区卫健局")
    assert findings_of(CONTENT) == []


@pytest.mark.django_db
def test_the_rest_is_checked_while_a_row_is_unfinished() -> None:
    make_department("区卫健局")
    content = with_material(name="其他材料") | {"plain_name": ""}
    content["materials"].append({"key": "new", "name": "", "type": "3", "format": "3", "need": "1", "source": "10"})
    assert paths(content) == {"/plain_name", "/materials/0/name", "/materials/3/name"}


def test_places_have_words() -> None:
    assert describe("/materials/0/need", CONTENT) == "申请材料“平面图”：必要性"
    assert describe("/promise/days", CONTENT) == "承诺办结时限：天数"
    assert describe("/accept_conditions/0", CONTENT) == "受理条件第1项"
    assert describe("/by_law/0/text", CONTENT) == "设定依据“公共场所卫生管理条例”：条款内容"
    assert describe("/situations/0/options/1/label", CONTENT) == "情形问题“哪一类场所？”：选项“游泳馆”：文字"
