"""The demo city's divisions and boundaries, as far as their files are at hand; loaded twice, nothing is added."""

import pytest
from django.conf import settings
from shapely import Point
from shapely.geometry import shape

from tongban.data.places.models import Boundary, DivisionSpan
from tongban.demo.doors import doors
from tongban.demo.places import load
from tongban.demo.standards import load as load_standards


@pytest.mark.django_db
def test_the_city_has_its_divisions_and_boundaries() -> None:
    if not (settings.DATA_FOLDER / "boundaries").is_dir():
        pytest.skip("the real boundaries are not at hand")
    load_standards()
    assert "新导入 8 个边界" in load()
    assert DivisionSpan.objects.get(code="511602").children > 10
    assert "新导入 0 个边界" in load()
    assert Boundary.objects.count() == 8
    district, books = shape(Boundary.objects.get(code="511602").geometry), doors()
    points = {row["地址编码"]: (float(row["经度"]), float(row["纬度"])) for row in books.tables["points"]}
    assert [code for code in books.measured if not district.contains(Point(*points[code]))] == []
    assert {row["区划"] for row in books.tables["doors"]} <= set(DivisionSpan.objects.values_list("code", flat=True))
