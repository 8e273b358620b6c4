"""A form that fills itself: what was read in a register says for which draft."""

from __future__ import annotations

import pytest

from tongban.data.registries.tests.factories import LIHUA, registers
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, make_person, sign_in
from tongban.services.cases.models import Draft
from tongban.services.cases.tests.factories import make_office

pytestmark = pytest.mark.django_db
FORM = {
    "title": "申请表",
    "groups": [
        {
            "key": "who",
            "title": "申请人",
            "fields": [{"key": "born", "type": "date", "label": "出生日期", "element": "person.birth_on"}],
        }
    ],
}


def test_the_look_names_purpose_and_draft(client):
    registers()
    make_office(form=FORM)
    sign_in(client, citizen(make_person(id_number=LIHUA["id_number"], name=LIHUA["name"])))
    assert client.post("/apply/venue-permit/?venue=hotel").status_code == 302
    draft = Draft.objects.get()
    assert draft.answers == {"born": LIHUA["birth_on"]}
    assert draft.sources["born"]["source"]
    look = Fact.objects.get(name="registries.looked")
    assert look.data["case_no"] == f"draft:{draft.pk}"
    assert look.data["purpose"] == draft.task_name
