"""Lines counted anew: what stands stays as it is, what changed is written, what is no more goes."""

from datetime import date
from uuid import UUID

import pytest
from django.apps import apps

from tongban.foundation.kernel.counted import put_lines

DAY = date(2026, 3, 2)


def line(item: str, closed: int) -> dict[str, object]:
    return {
        "day": DAY, "department_id": UUID(int=1), "division": "511602000000", "item_code": item, "closed": closed, "on_time": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_only_what_changed_is_written() -> None:
    model = apps.get_model("supervision", "DayCount")
    kept = model.objects.filter(day=DAY)
    assert put_lines(kept, [line("a", 1), line("b", 1), line("c", 1)]) == 3
    before = dict(kept.values_list("item_code", "pk"))
    assert put_lines(kept, [line("a", 1), line("b", 2)]) == 2
    after = {row.item_code: (row.pk, row.closed) for row in kept}
    assert after["a"] == (before["a"], 1)
    assert after["b"][1] == 2
    assert set(after) == {"a", "b"}
    assert put_lines(kept, []) == kept.all().count() == 0
