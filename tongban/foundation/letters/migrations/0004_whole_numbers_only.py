"""Letters are found by the whole of their code, never by its beginning."""

from django.db import migrations

from tongban.foundation.kernel.migrating import without_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("letters", "0003_put_by_statement")]

    operations = [
        without_index("letters_letter_verify_code_8be2a3f4_like", "letters_letter (verify_code varchar_pattern_ops)"),
    ]
