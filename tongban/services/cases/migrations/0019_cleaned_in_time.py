"""Busy tables are vacuumed and analysed after a hundredth of them has changed, not after a fifth."""

from django.db import migrations

from tongban.foundation.kernel.migrating import AS_IT_GROWS, OFTEN, vacuumed


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_one_index_for_a_purpose")]

    operations = [
        vacuumed("cases_case", OFTEN),
        vacuumed("cases_casestep", OFTEN),
        vacuumed("cases_caseevent", AS_IT_GROWS),
        vacuumed("cases_casematerial", AS_IT_GROWS),
    ]
