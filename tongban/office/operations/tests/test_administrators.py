"""The first people of an empty house."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from tongban.foundation.identity.models import Account, Appointment

OPTIONS = {
    "divisions": ["51=四川省", "5116=广安市", "511602=广安区"],
    "department": "示例数据局",
    "code": "11511602MB0000016J",
}
pytestmark = pytest.mark.django_db


def test_three_administrators_and_an_operator_each_with_a_password_of_his_own() -> None:
    said = io.StringIO()
    call_command("administrators", stdout=said, **OPTIONS)
    lines = [line.split() for line in said.getvalue().splitlines()[1:]]
    assert [line[0] for line in lines] == ["sysadmin", "secadmin", "auditadmin", "operator"]
    assert all(Account.objects.get(username=name).check_password(password) for name, _title, password in lines)
    roles = set(Appointment.objects.values_list("post__role", flat=True))
    assert roles == {"system_admin", "security_admin", "audit_admin", "operator"}


def test_a_second_time_changes_nothing() -> None:
    call_command("administrators", stdout=io.StringIO(), **OPTIONS)
    with pytest.raises(CommandError, match="什么也没有改动"):
        call_command("administrators", stdout=io.StringIO(), **OPTIONS)
    assert Account.objects.count() == 4


def test_divisions_without_their_names_are_refused() -> None:
    with pytest.raises(CommandError, match="代码=名称"):
        call_command("administrators", stdout=io.StringIO(), **{**OPTIONS, "divisions": ["511602"]})
