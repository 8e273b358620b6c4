"""Where the serial of seal numbers comes from: gaps do no harm, waiting would."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("seals", "0001_seals")]
    operations = [
        migrations.RunSQL("create sequence seals_number_serial", "drop sequence seals_number_serial"),
    ]
