"""Since when an account has its password, and those before it. What stands now counts as chosen today."""

from django.db import migrations, models

import tongban.foundation.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_addresses")]
    operations = [
        migrations.AddField(
            "account",
            "former_passwords",
            models.JSONField(default=list, db_default=[], help_text="hashes of the last four before"),
        ),
        migrations.AddField(
            "account",
            "password_set_at",
            models.DateTimeField(
                null=True, default=tongban.foundation.kernel.clock.now, help_text="null: chosen by another, to be changed"
            ),
        ),
    ]
