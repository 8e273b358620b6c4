"""The backup says what it carried, in the row the operators' page reads."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from tongban.config.recovery.beating import SAY
from tongban.office.operations.models import Process


@pytest.mark.django_db
def test_each_sign_replaces_what_it_speaks_of_and_keeps_the_rest() -> None:
    with connection.cursor() as cursor:
        for said in ({"base": "a", "carried_at": "1"}, {"carried_at": "2"}):
            cursor.execute(SAY, ["a-machine", json.dumps(said)])
    row = Process.objects.get(kind="backup")
    assert (row.pid, row.data) == (0, {"base": "a", "carried_at": "2"})
