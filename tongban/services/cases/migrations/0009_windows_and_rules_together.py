"""Two migrations were written side by side; both lead here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_by_rules"), ("cases", "0008_steps_at_windows")]
    operations = []
