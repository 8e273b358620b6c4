from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Cases know their project. The index is made while rows come in."""

    atomic = False
    dependencies = [
        ("topics", "0001_stores"),
    ]
    operations = [
        migrations.AddField(
            model_name="topicrow",
            name="project",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="of a case: its project's code", max_length=40
            ),
        ),
        AddIndexConcurrently(
            model_name="topicrow",
            index=models.Index(
                condition=Q(("store", "cases"), Q(("project", ""), _negated=True)),
                fields=["project"],
                name="topic_cases_of_project",
            ),
        ),
    ]
