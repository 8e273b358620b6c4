"""Busy tables are vacuumed and analysed after a hundredth of them has changed, not after a fifth."""

from django.db import migrations

from tongban.foundation.kernel.migrating import AS_IT_GROWS, OFTEN, vacuumed


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]

    operations = [
        vacuumed("clocks_clock", OFTEN),
        vacuumed("clocks_clockentry", AS_IT_GROWS),
    ]
