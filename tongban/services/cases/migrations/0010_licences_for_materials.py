"""A material that an electronic licence stands for keeps which one, and its version (免提交)."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_windows_and_rules_together")]

    operations = [
        migrations.AddField(
            model_name="casematerial",
            name="licence_id",
            field=models.UUIDField(help_text="the version that stands for it, as it was handed in", null=True),
        ),
        migrations.AddField(
            model_name="casematerial",
            name="licence_identifier",
            field=models.CharField(blank=True, help_text="证照标识 of that version", max_length=120),
        ),
        migrations.AddField(
            model_name="casematerial",
            name="licence_version",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="casematerial",
            constraint=models.CheckConstraint(
                condition=Q(("way", "5"), Q(("licence_id", None), ("licence_identifier", "")), _connector="OR"),
                name="material_licence_for_licences",
            ),
        ),
    ]
