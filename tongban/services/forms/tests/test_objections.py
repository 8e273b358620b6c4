"""说明有误: said once per value, answered once, seen only by those who may look into the registers."""

from __future__ import annotations

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotSignedIn
from tongban.services.forms.actions import answer_objection, object_to_values
from tongban.services.forms.errors import AnswersRefused
from tongban.services.forms.models import Objection
from tongban.services.forms.queries import objections_about, objections_open
from tongban.services.forms.tests.samples import EVERYTHING, SOURCES

pytestmark = pytest.mark.django_db


def objected(actor=None, note="少了“广安区”三个字", subject="draft:1"):
    notes = {"venue_name": note, "area": "没有来源", "nothing": "没有这一项"}
    return object_to_values(
        actor=actor or people.citizen(), form=EVERYTHING, subject=subject, sources=SOURCES, notes=notes
    )


def test_only_what_the_city_filled_in_can_be_called_wrong():
    me = people.citizen()
    (made,) = objected(me)
    assert (made.path, made.source, made.as_of) == ("venue_name", "区市监局 · 法人库", "2026-10-31")
    fact = Fact.objects.get(name="forms.value_disputed")
    assert fact.data == {"path": "venue_name", "element": "company.name", "source": "区市监局 · 法人库"}
    assert objections_about("draft:1") == [made]


def test_saying_it_again_changes_the_words_and_is_no_second_fact():
    me = people.citizen()
    objected(me)
    objected(me, "少了四个字")
    assert Objection.objects.get().note == "少了四个字"
    assert Fact.objects.filter(name="forms.value_disputed").count() == 1


def test_nobody_unknown_objects():
    with pytest.raises(NotSignedIn):
        objected(ANONYMOUS)


def test_an_officer_answers_once_and_with_words():
    (made,) = objected()
    clerk = people.officer("clerk")
    assert [row.pk for row in objections_open(clerk)] == [made.pk]
    with pytest.raises(AnswersRefused):
        answer_objection(actor=clerk, objection_id=made.pk, answer=" ")
    answer_objection(actor=clerk, objection_id=made.pk, answer="登记部门已更正")
    assert list(objections_open(clerk)) == []
    with pytest.raises(Conflict):
        answer_objection(actor=clerk, objection_id=made.pk, answer="再答一次")
    with pytest.raises(NotAllowed):
        objections_open(people.citizen())


def test_the_desks_page_shows_and_answers_them(client):
    (made,) = objected()
    people.sign_in(client, people.officer("clerk"))
    assert "少了“广安区”三个字" in client.get("/console/objections/").content.decode()
    refused = client.post(f"/console/objections/{made.pk}/", {"answer": ""})
    assert refused.status_code == 422
    assert "请写明核实的结果。" in refused.content.decode()
    assert client.post(f"/console/objections/{made.pk}/", {"answer": "已更正"}).status_code == 302
    people.sign_in(client, people.citizen())
    assert client.get("/console/objections/").status_code == 403
