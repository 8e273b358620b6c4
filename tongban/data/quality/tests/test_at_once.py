"""Many at once: one check waits, one explanation counts, and the others are told; nobody meets a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tongban.data.lake.models import Dataset
from tongban.data.quality import actions
from tongban.data.quality.errors import QualityMoved
from tongban.data.quality.models import Check, Ticket
from tongban.foundation.kernel.actors import Actor

from .factories import checked, make_rule

AT_ONCE = 6


def together(act: Callable[[], Any]) -> list[str]:
    """What became of each: `done` or `told`."""

    def alone(_number: int) -> str:
        try:
            act()
        except QualityMoved:
            return "told"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(alone, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_is_heard_and_the_others_are_told(people: Dataset, steward: Actor) -> None:
    make_rule(steward, people)
    one_alone = ["done"] + ["told"] * (AT_ONCE - 1)
    assert together(lambda: actions.ask_check(actor=steward, dataset_id=people.pk)) == one_alone
    actions.run_check(check_id=Check.objects.get().pk)
    ticket = Ticket.objects.get()
    said = {"actor": steward, "ticket_id": ticket.pk, "words": "老档案没有记"}
    assert together(lambda: actions.explain(**said)) == one_alone
    assert ticket.steps.filter(what="explained").count() == 1
    assert checked(steward, people).state == "done"
