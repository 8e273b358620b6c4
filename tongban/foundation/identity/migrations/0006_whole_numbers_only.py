"""People and companies are found by whole numbers, never by their beginnings."""

from django.db import migrations

from tongban.foundation.kernel.migrating import without_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("identity", "0005_passwords_age")]

    operations = [
        without_index("identity_person_id_index_5c23fd1f_like", "identity_person (id_index varchar_pattern_ops)"),
        without_index("identity_person_phone_index_65f87555_like", "identity_person (phone_index varchar_pattern_ops)"),
        without_index("identity_company_uscc_e80f217c_like", "identity_company (uscc varchar_pattern_ops)"),
    ]
