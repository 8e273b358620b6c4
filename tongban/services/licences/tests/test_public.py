"""A stranger with the paper in his hand is told whether it stands, and nothing he could not read there."""

from __future__ import annotations

import pytest

from tongban.foundation.credentials.queries import checked
from tongban.services.licences.actions import credential_of
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import public_face, public_faces, standing_of_family

from .factories import DEFINER, make_licence, make_type

pytestmark = pytest.mark.django_db


def test_a_licence_is_confirmed_masked(django_assert_num_queries) -> None:
    licence = make_licence()
    with django_assert_num_queries(1):
        face = public_face(licence.identifier)
    assert face is not None
    assert (face.status, face.name, face.holder) == ("valid", "食品经营许可证", "李*")
    assert str(licence.number) != face.number
    assert len(face.number) == len(str(licence.number))


def test_by_its_whole_number_alone() -> None:
    licence = make_licence()
    assert [face.identifier for face in public_faces(str(licence.number).lower())] == [licence.identifier]
    for guess in (str(licence.number)[:-1], "李华", "", str(licence.holder_number)):
        assert public_faces(guess) == []


def test_whoever_knows_an_id_number_learns_nothing_from_it() -> None:
    licence = make_licence(type_code=make_type(code=f"{DEFINER}009", name="居民身份证", number="{holder}").code)
    assert str(licence.number) == str(licence.holder_number)
    assert public_faces(str(licence.number)) == []
    assert public_face(licence.identifier) is not None


def test_what_its_issuer_has_not_signed_is_shown_to_nobody() -> None:
    licence = make_licence()
    copied = {field.attname: getattr(licence, field.attname) for field in Licence._meta.fields} | {
        "source": "backfill", "record": "", "record_digest": "", "identifier": "1.2.156.3005.2.OLD", "serial": "OLD",
    }  # fmt: skip
    copied.pop("id")
    old = Licence.objects.create(**copied | {"family_id": copied["case_id"] or "01900000-0000-7000-8000-000000000001"})
    assert public_face(old.identifier) is None


def test_its_code_is_believed(settings) -> None:
    licence = make_licence()
    address = credential_of(licence)
    assert address.startswith(f"{settings.SITE_URL}/verify/#")
    found = checked(address)
    assert found.claims is not None
    assert (found.answer, found.claims.subject, found.claims.holder) == ("valid", licence.identifier, "李*")
    assert standing_of_family(licence.pk) == {licence.identifier: "valid"}
