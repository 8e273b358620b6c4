"""Busy tables are vacuumed and analysed after a hundredth of them has changed, not after a fifth."""

from django.db import migrations

from tongban.foundation.kernel.migrating import OFTEN, vacuumed


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_own_notices")]

    operations = [
        vacuumed("notifications_message", OFTEN),
        vacuumed("notifications_dispatch", OFTEN),
    ]
