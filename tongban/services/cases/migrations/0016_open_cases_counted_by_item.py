"""Open cases are counted by item, stage and lamp; days are sums. The finer count of 0013 stays for a release that still runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_opinions_owed")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("OpenCount")]),
        migrations.CreateModel(
            name="StageCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("department_id", models.UUIDField()),
                ("division", models.CharField(max_length=12)),
                ("item_code", models.CharField(max_length=120)),
                ("stage", models.CharField(max_length=12)),
                ("lamp", models.CharField(max_length=6)),
                ("cases", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField(help_text="their nearest due date has passed")),
                ("unheld", models.PositiveIntegerField(help_text="nobody took them")),
                ("unanswered", models.PositiveIntegerField(help_text="neither accepted nor sent back yet")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department_id", "division", "item_code", "stage", "lamp"),
                        name="open_cases_counted_once",
                    )
                ]
            },
        ),
    ]
