"""Where the serial of payment codes comes from: gaps do no harm, waiting would."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunSQL("create sequence payments_code_serial", "drop sequence payments_code_serial"),
    ]
