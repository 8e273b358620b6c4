"""Figures are read from what was counted by day, where there is much; bad ratings of a whole division by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

NUMBERS = ("closed", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5")
DAY = models.Index(fields=["closed_on"], include=["department_id", "item_code", "stars"], name="ratings_of_a_day")
BAD = models.Index(fields=["-id"], name="ratings_bad_anywhere", condition=Q(stars__lte=2))
ONCE = models.UniqueConstraint(fields=["day", "department_id", "item_code"], name="one_line_of_figures")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("evaluation", "0002_ratings_never_change")]

    operations = [
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(help_text="the day of closing: a rating counts for that day")),
                ("department_id", models.UUIDField()),
                ("item_code", models.CharField(max_length=120)),
                *((name, models.PositiveIntegerField()) for name in NUMBERS),
            ],
            options={"constraints": [ONCE]},
        ),
        AddIndexConcurrently("rating", DAY),
        AddIndexConcurrently("rating", BAD),
    ]
