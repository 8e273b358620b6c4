"""Busy tables are vacuumed and analysed after a hundredth of them has changed, not after a fifth."""

from django.db import migrations

from tongban.foundation.kernel.migrating import OFTEN, vacuumed


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_defer_function")]

    operations = [
        vacuumed("procrastinate_jobs", OFTEN),
        vacuumed("procrastinate_events", OFTEN),
    ]
