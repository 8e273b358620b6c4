"""How many people's drafts hold an answer, before a field is taken out."""

from __future__ import annotations

import pytest

from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.errors import NotAllowed
from tongban.services.cases.queries import drafts_answering

from .factories import make_draft, make_office

pytestmark = pytest.mark.django_db


def test_answers_are_counted_and_never_shown():
    office = make_office()
    make_draft(office)
    make_draft(office, answers={"name": ""})
    make_draft(office, case_id="0190c0de-0000-7000-8000-000000000001")
    manager = officer("item_manager", department=office.department)
    assert drafts_answering(manager, office.version.item.code, ["name", "area"]) == {"name": 1}


def test_only_who_manages_the_item_is_told():
    office = make_office()
    with pytest.raises(NotAllowed):
        drafts_answering(office.clerk, office.version.item.code, ["name"])
