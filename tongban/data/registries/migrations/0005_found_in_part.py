import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Records of registers that are nobody's person are found by parts of their names and keys. The indexes are made while rows come in;
    records from before get their parts bit by bit (`registries.index_names`)."""

    atomic = False
    dependencies = [
        ("registries", "0004_credit_into_the_register"),
    ]
    operations = [
        migrations.AddField(
            model_name="record",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(),
                help_text="fingerprints of its name's pairs of characters; none: found by whole key and name alone",
                null=True,
                size=None,
            ),
        ),
        AddIndexConcurrently(
            model_name="record",
            index=GinIndex(condition=models.Q(("parts__isnull", False)), fields=["parts"], name="records_by_part"),
        ),
        AddIndexConcurrently(
            model_name="record",
            index=models.Index(
                condition=models.Q(("parts__isnull", False)),
                fields=["register", "key_index"],
                name="records_by_key_start",
                opclasses=["varchar_ops", "varchar_pattern_ops"],
            ),
        ),
    ]
