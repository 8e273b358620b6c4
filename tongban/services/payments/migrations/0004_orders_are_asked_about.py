"""Attempts without an answer are few among all, and are looked for every minute. Made without holding up anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

WITHOUT_ANSWER = models.Index(fields=["started_at"], condition=Q(state="started"), name="payments_without_answer")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0003_whole_numbers_only")]
    operations = [
        migrations.CreateModel(
            name="PretendTaking",
            fields=[
                ("order_no", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("amount_fen", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        AddIndexConcurrently("payment", WITHOUT_ANSWER),
    ]
