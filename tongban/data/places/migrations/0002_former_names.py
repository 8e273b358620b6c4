"""What a road was called before stands beside its name; compounds are found by theirs."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

HELP = "what the road was called before"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("places", "0001_places")]
    operations = [
        migrations.AddField("address", "former", models.CharField(blank=True, db_default="", default="", help_text=HELP, max_length=60)),
        AddIndexConcurrently(
            "address", models.Index(fields=["former", "number"], name="addresses_by_former_road", condition=~Q(former=""))
        ),
        AddIndexConcurrently(
            "address", models.Index(fields=["estate", "number"], name="addresses_by_estate", condition=~Q(estate=""))
        ),
    ]  # fmt: skip
