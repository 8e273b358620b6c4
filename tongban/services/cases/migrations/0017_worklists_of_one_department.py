"""A department's list and the city's each have an index of their own, so that a place in the list is a place in that index."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

ORDER = ["department_id", "urgent_on", "id"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0016_open_cases_counted_by_item")]

    operations = [
        AddIndexConcurrently("case", models.Index(fields=ORDER, condition=Q(is_open=True), name="cases_open_worklist")),
        AddIndexConcurrently("case", models.Index(fields=ORDER, condition=Q(is_open=False), name="cases_closed_worklist")),
        AddIndexConcurrently(
            "case", models.Index("is_open", *[F(name).asc(nulls_first=True) for name in ORDER[1:]], name="cases_of_the_city")
        ),
        RemoveIndexConcurrently("case", "cases_worklist"),
        RemoveIndexConcurrently("case", "cases_citywide"),
    ]
