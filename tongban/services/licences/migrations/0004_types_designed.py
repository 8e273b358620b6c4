"""A licence type that officials design knows whose it is, its draft, and who wrote in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0003_gathering_scenes_and_keys")]

    operations = [
        migrations.AddField(
            model_name="licencetype",
            name="department_id",
            field=models.UUIDField(help_text="whose officials designed it; null: loaded from a file", null=True),
        ),
        migrations.AddField(
            model_name="licencetype",
            name="draft_id",
            field=models.UUIDField(help_text="the draft it was designed in", null=True),
        ),
        migrations.AddField(
            model_name="licencetype",
            name="authors",
            field=models.JSONField(
                default=list, help_text="accounts that wrote in the draft: none of them publishes it"
            ),
        ),
    ]
