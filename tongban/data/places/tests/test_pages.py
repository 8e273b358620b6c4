"""The pages of places with the client: the tree, a file of boundaries, addresses, the map and what it fetches."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.data.places.models import Boundary
from tongban.foundation.identity.tests.factories import officer, sign_in

from .factories import DAY, divisions, geojson, make_address, square

pytestmark = pytest.mark.django_db
HOME = "/console/places/"


@pytest.fixture
def desk(client: Client) -> Client:
    divisions()
    return sign_in(client, officer("data_admin"))


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_tree_is_walked_and_searched(desk: Client) -> None:
    assert "四川省" in page(desk.get(HOME))
    shown = page(desk.get(f"{HOME}divisions/511602/"))
    assert "浓洄街道" in shown
    assert "广安市" in shown
    assert "翠屏路社区居委会" in page(desk.get(f"{HOME}divisions/511602/?q=翠屏"))
    assert "没有找到" in page(desk.get(f"{HOME}?q=无此地"))
    assert desk.get(f"{HOME}divisions/511602/?on=2020-01-01").status_code == 404
    assert desk.get(f"{HOME}divisions/999999/").status_code == 404
    assert desk.post(f"{HOME}take-over/").status_code == 409  # held already: told, not done again


def test_boundaries_are_brought_shown_and_taken_back(desk: Client) -> None:
    url = f"{HOME}boundaries/"
    assert desk.post(url, {}).status_code == 422
    typed = {"system": "EPSG:4490", "source": "示例", "licence": "示例", "valid_from": str(DAY)}
    broken = SimpleUploadedFile("a.geojson", b"{")
    assert "读不出来" in page(desk.post(url, typed | {"file": broken}))
    file = SimpleUploadedFile("a.geojson", geojson(("511602", square())))
    assert desk.post(url, typed | {"file": file}).url == f"{HOME}divisions/511602/"
    one = Boundary.objects.get()
    assert "撤回这个边界" in page(desk.get(f"{HOME}divisions/511602/"))
    drawn = desk.get(f"{HOME}map/511602/outlines.json").json()["features"]
    assert drawn[0]["properties"]["name"] == "广安区"
    desk.post(f"{url}{one.pk}/take-back/", {"reason": "弄错了代码", "back": "511602"})
    assert (
        desk.post(f"{url}{one.pk}/take-back/", {"reason": "弄错了代码", "back": "²"}).url == HOME
    )  # twice, and from nowhere
    one.refresh_from_db()
    assert one.withdrawn_because == "弄错了代码"


def test_addresses_are_listed_recognised_and_on_the_map(desk: Client) -> None:
    one = make_address(1)
    assert one.text in page(desk.get(f"{HOME}addresses/?division=511602&q=翠屏路18号"))
    assert one.code in page(desk.post(f"{HOME}addresses/", {"text": "广安区翠屏路１８号"}))
    assert "没有认出来" in page(desk.post(f"{HOME}addresses/", {"text": "？？"}))
    assert "浓洄街道" in page(desk.get(f"{HOME}addresses/{one.code}/"))
    shown = page(desk.get(f"{HOME}map/?division=511602001"))
    assert "data-box" in shown
    assert one.text in shown
    assert desk.get(f"{HOME}map/points.json?box=106,30,107,31").json()["features"][0]["properties"]["code"] == one.code
    assert desk.get(f"{HOME}map/points.json?box=x").status_code == 422


def test_a_clerk_has_no_business_here(client: Client) -> None:
    sign_in(client, officer("clerk"))
    assert client.get(HOME).status_code == 403
