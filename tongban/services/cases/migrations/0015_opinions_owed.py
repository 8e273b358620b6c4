"""Opinions owed are few among the steps that wait: found without walking past the rest. Made without holding up anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

OWED = models.Index(fields=["department_id"], condition=Q(state="todo", is_opinion=True), name="steps_opinions_owed")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0014_every_filter_by_index")]
    operations = [AddIndexConcurrently("casestep", OWED)]
