"""Sessions that are over leave nothing in the database; those that go on stay."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from tongban.foundation.identity.actions import forget_ended_sessions
from tongban.foundation.kernel.clock import now

from .factories import citizen, sign_in


@pytest.mark.django_db
def test_ended_sessions_go() -> None:
    with time_machine.travel(now() - timedelta(days=2)):
        sign_in(Client(), citizen())
    sign_in(Client(), citizen())
    assert Session.objects.count() == UserSession.objects.count() == 2
    assert forget_ended_sessions() == 2
    assert Session.objects.count() == UserSession.objects.count() == 1
    assert forget_ended_sessions() == 0
