import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WORDS = r"""
create or replace function topics_words(key text, said jsonb) returns text[] language sql immutable parallel safe as $$
  select array(select $1 union select one.value #>> '{}' from jsonb_each($2) one
    where jsonb_typeof(one.value) = 'string' and one.value #>> '{}' !~ '^$|^\d{4}-\d\d-\d\dT')
$$
"""


class Migration(migrations.Migration):
    """Rows are found by the words in them. The index is made while rows come in; what is known of its words comes by looking at once."""

    atomic = False
    dependencies = [
        ("topics", "0002_projects"),
    ]
    operations = [
        migrations.RunSQL(WORDS, "drop function topics_words(text, jsonb)"),
        AddIndexConcurrently(
            model_name="topicrow",
            index=GinIndex(
                models.Func(
                    "key",
                    "values",
                    function="topics_words",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="topic_rows_by_word",
            ),
        ),
        migrations.RunSQL("analyze topics_topicrow", migrations.RunSQL.noop),
    ]
