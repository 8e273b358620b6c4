"""Figures of a million cases are read from indexes alone: what is open now, and what was closed on which day."""

from django.db import migrations, models
from django.db.models import Q

OPEN = models.Index(
    fields=["department_id", "lamp"],
    condition=Q(is_open=True),
    name="cases_lamps",
    include=["urgent_on", "state", "item_code", "division", "holder_account_id"],
)
CLOSED = models.Index(
    fields=["urgent_on"],
    condition=Q(is_open=False),
    name="cases_closed_days",
    include=["department_id", "item_code", "result"],
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_intake")]
    operations = [
        migrations.RemoveIndex("case", "cases_lamps"),
        migrations.AddIndex("case", OPEN),
        migrations.AddIndex("case", CLOSED),
    ]
