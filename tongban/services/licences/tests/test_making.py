"""Issuing, the prepared row, what may not be written, and who sees it."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, company_actor, officer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.actions import Holder, issue, prepared_licence
from tongban.services.licences.errors import LicenceRefused, NoSuchType, TypeRefused
from tongban.services.licences.models import Licence, LicenceType
from tongban.services.licences.queries import licence_for, my_licences, standing_for
from tongban.services.licences.queries.words import lines_of
from tongban.services.licences.rules import identifiers

from .factories import DEFINER, PERMIT, VALUES, holder_of, make_licence, make_type, stranger

pytestmark = pytest.mark.django_db
PLAIN = "select * from jsonb_populate_record(null::licences_licence, %s::jsonb)"


def test_a_licence_is_issued_with_its_record_and_is_a_fact():
    citizen_ = citizen()
    licence = make_licence(holder=citizen_)
    assert licence.state == "valid"
    assert licence.valid_until == date(today().year + 5, today().month, today().day) - (
        date(2026, 1, 2) - date(2026, 1, 1)
    )
    assert identifiers.read(licence.identifier).faults == ()
    assert licence.number.startswith("JY1511602")
    again = Licence.objects.get(pk=licence.pk)
    assert licence.identifier in again.record
    assert VALUES["business_name"] in again.record
    fact = Fact.objects.get(name="licences.issued")
    assert fact.person_id == citizen_.person_id
    assert "李华" not in str(fact.data)


def test_what_is_personal_is_ciphertext_in_the_database():
    licence = make_licence()
    with connection.cursor() as cursor:
        cursor.execute("select number, holder_name, holder_number, fields, record from licences_licence")
        assert all(value.startswith(("aes.", "sm4.")) for value in cursor.fetchone())
    assert Licence.objects.get(holder_index=blind_index(licence.holder_number)) == licence


def test_the_prepared_row_goes_into_the_table_by_one_statement_without_a_query_before():
    approver, kind = officer("approver"), make_type()
    terms = (kind.code, approver.department_id, stranger(), VALUES, today(), None, uuid7(), now())
    prepared_licence(*terms)  # warm
    with CaptureQueriesContext(connection) as asked:
        row = prepared_licence(*terms)
    assert len(asked) == 0
    import json

    with connection.cursor() as cursor:
        cursor.execute("insert into licences_licence " + PLAIN, [json.dumps(row, default=str)])
    licence = Licence.objects.get(pk=row["id"])
    assert licence.fields == VALUES
    assert licence.holder_name == "李华"
    assert licence.case_id is not None


def test_every_reason_is_told_at_once():
    approver = officer("approver")
    kind = make_type(issuers=["区市监局"], holders=["company"])
    with pytest.raises(LicenceRefused) as refusal:
        issue(
            actor=approver, type_code=kind.code, department_id=approver.department_id, fields={"price": "1"},
            holder=Holder("person", "511602199003071010", ""), valid_until=date(2000, 1, 1),
        )  # fmt: skip
    codes = {reason.code.removeprefix("licences.") for reason in refusal.value.reasons}
    assert codes == {"holder_kind", "holder_number", "holder_name", "issuer", "ends_before", "missing", "unknown"}
    assert not Licence.objects.exists()


def test_only_the_department_itself_issues():
    approver = officer("approver")
    with pytest.raises(NotAllowed):
        make_licence(approver, department_id=officer("approver").department_id)
    with pytest.raises(NotAllowed):
        make_licence(officer("reviewer"))
    with pytest.raises(NoSuchType):
        make_licence(approver, type_code=f"{DEFINER}999")


def test_what_a_licence_says_is_never_rewritten():
    licence = make_licence()
    with pytest.raises(DatabaseError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(valid_until=date(2099, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(record="{}")


def test_the_holder_sees_his_own_by_id_or_number_and_nobody_elses():
    holder, other = citizen(), citizen()
    licence = make_licence(holder=holder)
    unregistered = make_licence(holder=Holder("person", holder_of(holder).number, "李华"))
    assert {row.pk for row in my_licences(holder)} == {licence.pk, unregistered.pk}
    assert licence_for(holder, unregistered.pk) == unregistered
    assert my_licences(other) == []
    with pytest.raises(NotFound):
        licence_for(other, licence.pk)


def test_a_company_sees_its_own_and_not_its_representatives():
    actor = company_actor()
    licence = make_licence(holder=actor)
    assert my_licences(actor) == [licence]
    person = citizen_of(actor)
    assert my_licences(person) == []


def citizen_of(actor):
    from tongban.foundation.identity.models import Account
    from tongban.foundation.identity.queries import actor_of

    return actor_of(Account.objects.get(pk=actor.account_id), "self")


def test_a_department_sees_what_it_issued():
    clerk, stranger_clerk = officer("clerk"), officer("clerk")
    licence = make_licence(officer_of(clerk))
    assert licence_for(clerk, licence.pk) == licence
    with pytest.raises(NotFound):
        licence_for(stranger_clerk, licence.pk)


def officer_of(clerk):
    from tongban.foundation.organisations.models import Department

    return officer("approver", department=Department.objects.get(pk=clerk.department_id))


def test_only_a_valid_licence_of_the_holder_stands_for_a_material(django_assert_num_queries):
    holder = citizen()
    licence = make_licence(holder=holder)
    future = make_licence(holder=holder, valid_from=date(2099, 1, 1))
    codes = [licence.type_code]
    with django_assert_num_queries(1):
        assert standing_for(owner_id=holder.person_id, type_codes=codes) == [licence]
    assert standing_for(holder_index=licence.holder_index, type_codes=codes) == [licence]
    assert standing_for(owner_id=holder.person_id, type_codes=[f"{DEFINER}002"]) == []
    assert standing_for(owner_id=holder.person_id, type_codes=codes, on=date(2099, 1, 2)) == [future]
    assert standing_for(type_codes=codes) == []


def test_loading_a_type_again_changes_nothing_and_a_changed_one_is_the_next_version():
    first = make_type()
    assert make_type() == first
    second = make_type(summary="可以经营食品")
    assert (second.version, LicenceType.objects.count()) == (2, 2)
    with pytest.raises(TypeRefused) as refusal:
        make_type(code="bad", number="x")
    assert len(refusal.value.reasons) >= 1
    assert PERMIT["name"] == "食品经营许可证"


def test_a_choice_is_on_the_licence_in_words_and_in_the_record_with_its_code():
    by_word, by_code = (make_licence(fields=VALUES | {"scope": said}) for said in ("自制饮品制售", "tea"))
    for licence in (by_word, by_code):
        told = json.loads(licence.record)["metadata"]
        assert (licence.fields["scope"], told["KZ_scope"], told["KZ_scope_DM"]) == ("tea", "自制饮品制售", "tea")
        assert "自制饮品制售" in [value for _key, _label, value in lines_of(licence)]
