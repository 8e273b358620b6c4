import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WORDS = ["act", "applicant", "by", "case", "channel", "code", "department", "first", "holder", "item", "kind", "last", "project", "result", "stage", "type"]


class Migration(migrations.Migration):
    """Rows are found by the words in them. The index is made while rows come in; what is known of its words comes by looking at once."""

    atomic = False
    dependencies = [
        ("topics", "0002_projects"),
    ]
    operations = [
        AddIndexConcurrently(
            model_name="topicrow",
            index=GinIndex(
                models.Func(
                    "key",
                    *[
                        models.Func("values", template=f"(%(expressions)s ->> '{name}')", output_field=models.TextField())
                        for name in WORDS
                    ],
                    template="ARRAY[%(expressions)s]::text[]",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="topic_rows_by_word",
            ),
        ),
        migrations.RunSQL("analyze topics_topicrow", migrations.RunSQL.noop),
    ]
