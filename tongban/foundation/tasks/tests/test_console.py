"""The operators' page: who may enter, what it shows, the button."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.tasks import actions, console

OPERATOR = Actor(kind="staff", grants={"tasks.see": Scope.ALL})


def test_a_stranger_is_sent_to_sign_in(db, client):
    assert client.get("/console/tasks/").status_code == 302
    assert client.post("/console/tasks/1/retry/").status_code == 401


def test_a_clerk_may_not_enter(rf: RequestFactory):
    request = rf.get("/console/tasks/")
    request.actor = Actor(kind="staff")
    with pytest.raises(NotAllowed):
        console.work(request)


def test_the_page_shows_waiting_work_and_says_when_no_worker_runs(db, rf: RequestFactory):
    actions.defer("tests.shown", case_id="a")
    request = rf.get("/console/tasks/")
    request.actor = OPERATOR
    page = console.work(request).content.decode()
    assert "tests.shown" in page
    assert "没有工作进程" in page
