"""The table behind Django's database cache: counters of attempts and used one-time codes, shared by all processes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            create unlogged table identity_shared_cache (
                cache_key varchar(255) primary key, value text not null, expires timestamptz not null
            );
            create index identity_shared_cache_expires on identity_shared_cache (expires);
            """,
            "drop table identity_shared_cache",
        )
    ]
