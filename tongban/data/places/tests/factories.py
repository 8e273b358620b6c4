"""A few divisions of an invented county (示例), its boundaries and addresses; other rooms' tests may use them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tongban.data.places import actions
from tongban.data.places.models import Address
from tongban.data.places.rules import line_of
from tongban.data.standards import actions as standards
from tongban.data.standards.rules import Code
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7

KEEPER = installer("places.manage", "places.see", "standards.write", "standards.review", "standards.see")
CODES = [
    Code("51", "四川省"),
    Code("5116", "广安市", "51"),
    Code("511602", "广安区", "5116"),
    Code("511603", "前锋区", "5116"),
    Code("511602001", "浓洄街道", "511602"),
    Code("511602002", "北辰街道", "511602"),
    Code("511602101", "官盛镇", "511602"),
    Code("511602001001", "翠屏路社区居委会", "511602001"),
    Code("511602001002", "厚街社区居委会", "511602001"),
    Code("511602002001", "广福社区居委会", "511602002"),
    Code("511602101201", "跃进村委会", "511602101"),
]
DAY = date(2023, 6, 30)


def divisions(codes: list[Code] = CODES) -> dict[str, int]:
    """The code set with its first version, taken over."""
    standards.publish_set(
        actor=KEEPER, kind="code_set", key=actions.DIVISIONS, on=DAY, codes=codes, content={"name": "行政区划代码"}
    )
    return actions.take_over(actor=KEEPER)


def square(west: float = 106.6, south: float = 30.4, size: float = 0.2) -> dict[str, Any]:
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def geojson(*features: tuple[str, dict[str, Any]], crs: str = "") -> bytes:
    said: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": code}, "geometry": geometry} for code, geometry in features
        ],
    }
    if crs:
        said["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(said).encode()


def bring(data: bytes, *, name: str = "a.geojson", system: str = "EPSG:4490", **more: Any) -> Any:
    given = {"source": "示例", "licence": "示例，不得公开", "valid_from": DAY} | more
    return actions.bring_boundaries(actor=KEEPER, name=name, data=data, system=system, **given)


def make_address(serial: int, **parts: Any) -> Address:
    given = {
        "division": "511602001001",
        "road": "翠屏路",
        "number": "18",
        "state": "in_use",
        "lon": 106.64,
        "lat": 30.47,
    } | parts
    return Address.objects.create(
        code=f"{given['division']:0<12}{serial:06d}", record_id=uuid7(), known_at=now(), text=line_of(given), **given
    )
