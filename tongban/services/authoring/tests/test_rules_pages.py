"""Rules written, tried over past cases and published in the browser."""

from __future__ import annotations

import pytest

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.services.authoring.actions import go_through, rehearse_rules
from tongban.services.cases.tests.factories import make_decided, make_office
from tongban.services.decisions.models import Rehearsal, RuleSet
from tongban.services.decisions.tests.factories import rules

pytestmark = pytest.mark.django_db
ALWAYS = {
    "title": "总是准予", "sample_share": 10, "derived": [], "tables": [], "refusal": None,
    "inputs": [{"key": "venue", "label": "场所", "source": "situation", "take": "venue", "type": "text"}],
    "checks": [{"key": "k1", "label": "是宾馆", "expr": "venue == 'hotel'", "otherwise": "person", "article": "条例第四条",
                "sentence": "不是宾馆。"}],
    "tests": [{"name": "宾馆", "expect": "grant", "values": {"venue": "hotel"}}],
}  # fmt: skip


@pytest.fixture
def office(db):
    return make_office()


def write(manager, office, content):
    draft = Draft.objects.get(kind="rules", key=office.version.item.code)
    ops = [{"op": "replace", "path": "", "value": content}]
    edit(actor=manager, draft_id=draft.pk, revision=draft.revision, ops=ops)
    return draft


def test_from_an_empty_draft_to_rules_in_force(client, office):
    manager, colleague = (officer("item_manager", department=office.department) for _ in range(2))
    here = f"/console/authoring/rules/{office.version.item.code}/"
    sign_in(client, manager)
    assert client.post(f"{here}begin/").status_code == 302
    assert client.post(f"{here}hand-in/").status_code == 422
    write(manager, office, rules())
    page = client.get(f"{here}edit/").content.decode()
    assert 'data-path="/tables/0/rows/0/cells/c1"' in page
    assert "没有发现问题" in page
    assert client.post(f"{here}hand-in/").status_code == 302
    assert client.post(f"{here}review/answer/", {"effective_on": today().isoformat()}).status_code == 403
    sign_in(client, colleague)
    assert "年龄与户籍" in client.get(f"{here}review/").content.decode()
    assert client.post(f"{here}review/answer/", {"effective_on": today().isoformat()}).status_code == 302
    assert RuleSet.objects.get().status == "published"
    assert client.get(here).status_code == 200


def test_a_wrong_cell_is_told_at_its_place(client, office):
    manager = officer("item_manager", department=office.department)
    here = f"/console/authoring/rules/{office.version.item.code}/"
    sign_in(client, manager).post(f"{here}begin/")
    content = rules()
    content["tables"][0]["rows"][0]["cells"]["c1"] = "[0.."
    del content["tables"][0]["rows"][2]
    write(manager, office, content)
    aside = client.get(f"{here}edit/?part=aside").content.decode()
    assert 'data-fault="/tables/0/rows/0/cells/c1"' in aside
    content["tables"][0]["rows"][0]["cells"]["c1"] = ">= 60"
    write(manager, office, content)
    assert "没有一行管到：周岁小于60" in client.get(f"{here}edit/?part=aside").content.decode()


@pytest.mark.parametrize("content", [{}, {"tables": 5, "inputs": [3], "tests": [{"values": 1}]}, {"checks": [None]}])
def test_whatever_stands_in_the_draft_its_page_opens(client, office, content):
    manager = officer("item_manager", department=office.department)
    here = f"/console/authoring/rules/{office.version.item.code}/"
    sign_in(client, manager).post(f"{here}begin/")
    write(manager, office, content)
    assert client.get(f"{here}edit/").status_code == 200


def test_rules_are_tried_over_what_people_decided(client, office):
    make_decided(office)
    refused = make_decided(office, result="refused", reasons="场所不符合要求")
    manager = officer("item_manager", department=office.department)
    here = f"/console/authoring/rules/{office.version.item.code}/"
    sign_in(client, manager).post(f"{here}begin/")
    draft = write(manager, office, ALWAYS)
    made = rehearse_rules(actor=manager, draft_id=draft.pk)
    for _twice in range(2):
        go_through(made.pk)
    told = Rehearsal.objects.get()
    assert (told.total, told.counts, told.differ) == (2, {"grant": 2}, 1)
    assert told.differing[0]["project_no"] == refused.project_no
    page = client.get(f"{here}edit/?part=aside").content.decode()
    assert "会准予2件" in page
    assert refused.project_no in page


def test_other_departments_write_none_of_it(client, office):
    stranger = sign_in(client, officer("item_manager"))
    here = f"/console/authoring/rules/{office.version.item.code}/"
    assert [stranger.get(here).status_code, stranger.post(f"{here}begin/").status_code] == [403, 403]
