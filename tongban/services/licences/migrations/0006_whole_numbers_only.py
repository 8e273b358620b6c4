"""Licences are found by the whole of their identifiers, never by their beginnings."""

from django.db import migrations

from tongban.foundation.kernel.migrating import without_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("licences", "0005_thrown_out_and_stated")]

    operations = [
        without_index("licences_licence_identifier_e68d8119_like", "licences_licence (identifier varchar_pattern_ops)"),
        without_index("licences_shortcode_fingerprint_ec34e3dc_like", "licences_shortcode (fingerprint varchar_pattern_ops)"),
        without_index("licences_sent_fingerprint_a54b9bae_like", "licences_sent (fingerprint varchar_pattern_ops)"),
    ]
