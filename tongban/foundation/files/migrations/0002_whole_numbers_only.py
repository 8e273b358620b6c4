"""Files are found by the whole of their digest, never by its beginning."""

from django.db import migrations

from tongban.foundation.kernel.migrating import without_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("files", "0001_files_and_contents")]

    operations = [
        without_index("files_content_sha256_498e11dd_like", "files_content (sha256 varchar_pattern_ops)"),
        without_index("files_storedfile_content_id_a8164f40_like", "files_storedfile (content_id varchar_pattern_ops)"),
    ]
