"""The address book: one's own alone, unreadable in the database, one default at a time."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import remove_address
from tongban.foundation.identity.errors import AddressRefused
from tongban.foundation.identity.models import Address
from tongban.foundation.identity.queries import address_for, addresses_of
from tongban.foundation.identity.rules import MOST_ADDRESSES, address_faults
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import NotAllowed, NotFound, NotSignedIn

from .factories import citizen, company_actor, make_address, officer

GOOD = {
    "label": "家", "name": "李华", "phone": "13812345678", "division_is_known": True, "division": "511602001001",
    "detail": "翠屏路18号", "postcode": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"postcode": "638000"}, []),
        ({"postcode": "63800"}, [("postcode", "postcode")]),
        ({"phone": "0826-2222222"}, []),
        ({"phone": "12345"}, [("phone", "phone")]),
        ({"division": "511602000000"}, [("place.division", "division")]),
        ({"division_is_known": False}, [("place.division", "division")]),
        ({"detail": ""}, [("place.detail", "detail")]),
        ({"detail": "一" * 200}, []),
        ({"detail": "一" * 201}, [("place.detail", "detail")]),
        ({"detail": "𬭊㛃䶮𠅤路1号"}, []),
        ({"name": "李\u202e华"}, [("name", "text")]),
        ({"label": "家" * 11}, [("label", "label")]),
        ({"label": "", "name": ""}, [("label", "label"), ("name", "name")]),
    ],
)
def test_what_is_wrong_with_an_address(changes, faults):
    assert address_faults(**GOOD | changes) == faults


@given(st.text(max_size=300))
def test_whatever_is_typed_is_judged_and_never_breaks(text):
    address_faults(**GOOD | {"label": text, "name": text, "phone": text, "detail": text, "postcode": text})


@pytest.mark.django_db
class TestBook:
    def test_the_first_is_the_default_and_another_may_take_its_place(self):
        lihua = citizen()
        home = make_address(lihua)
        office = make_address(lihua, label="单位")
        assert [entry.pk for entry in addresses_of(lihua) if entry.is_default] == [home.pk]
        make_address(lihua, address_id=office.pk, label="单位", is_default=True)
        assert [(entry.label, entry.is_default) for entry in addresses_of(lihua)] == [("单位", True), ("家", False)]

    def test_when_the_default_goes_another_is_the_default(self):
        lihua = citizen()
        home, office = make_address(lihua), make_address(lihua, label="单位")
        remove_address(actor=lihua, address_id=home.pk)
        assert addresses_of(lihua) == [office]
        assert addresses_of(lihua)[0].is_default
        remove_address(actor=lihua, address_id=office.pk)
        assert addresses_of(lihua) == []

    def test_nothing_of_it_can_be_read_in_the_database(self):
        entry = make_address(citizen())
        with connection.cursor() as cursor:
            cursor.execute("select name, phone, detail from identity_address where id = %s", [entry.pk])
            row = cursor.fetchone()
        assert not [plain for plain in ("李华", "13812345678", "翠屏路") if any(plain in column for column in row)]
        assert Address.objects.get(pk=entry.pk).detail == "翠屏路18号2单元301"

    def test_nobody_reaches_the_book_of_another(self):
        lihua, firm = citizen(), company_actor()
        entry = make_address(lihua)
        for other in (citizen(), firm):
            assert addresses_of(other) == []
            with pytest.raises(NotFound):
                address_for(other, entry.pk)
            with pytest.raises(NotFound):
                make_address(other, address_id=entry.pk)
            with pytest.raises(NotFound):
                remove_address(actor=other, address_id=entry.pk)
        for stranger, refusal in ((officer("clerk"), NotAllowed), (ANONYMOUS, NotSignedIn)):
            assert addresses_of(stranger) == []
            with pytest.raises(refusal):
                make_address(stranger)

    def test_a_companys_book_is_the_companys(self):
        firm = company_actor()
        make_address(firm, label="公司")
        assert [entry.label for entry in addresses_of(firm)] == ["公司"]
        assert Address.objects.get().owner_id == firm.company_id

    def test_every_reason_is_told_beside_its_field_and_nothing_is_saved(self):
        lihua = citizen()
        with pytest.raises(AddressRefused) as refusal:
            make_address(lihua, label="", phone="1", division="999999999999")
        assert set(refusal.value.fields) == {"label", "phone", "place.division"}
        assert addresses_of(lihua) == []

    def test_a_book_has_an_end(self):
        lihua = citizen()
        for number in range(MOST_ADDRESSES):
            last = make_address(lihua, label=f"第{number}处")
        with pytest.raises(AddressRefused):
            make_address(lihua)
        make_address(lihua, address_id=last.pk, label="改过")

    def test_both_changes_are_facts_without_the_address_in_them(self):
        lihua = citizen()
        entry = make_address(lihua)
        remove_address(actor=lihua, address_id=entry.pk)
        facts = Fact.objects.filter(stream=f"address:{entry.pk}")
        assert [fact.name for fact in facts.order_by("position")] == [
            "identity.address_kept",
            "identity.address_removed",
        ]
        assert not any(fact.data for fact in facts)
