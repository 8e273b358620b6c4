"""Bills and payments are found by whole numbers, never by their beginnings."""

from django.db import migrations

from tongban.foundation.kernel.migrating import without_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0002_payment_code_serial")]

    operations = [
        without_index("payments_bill_payment_code_c6bbe2e5_like", "payments_bill (payment_code varchar_pattern_ops)"),
        without_index("payments_payment_order_no_79aa6b77_like", "payments_payment (order_no varchar_pattern_ops)"),
    ]
