"""Busy tables are vacuumed and analysed after a hundredth of them has changed, not after a fifth."""

from django.db import migrations

from tongban.foundation.kernel.migrating import AS_IT_GROWS, vacuumed


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards")]

    operations = [
        vacuumed("audit_fact", AS_IT_GROWS),
    ]
