"""Versions published before there was a history get their line in it."""

from django.db import migrations

LINES = """
insert into items_itemevent (id, item_id, version_id, kind, at, by, reason, from_on, data)
select gen_random_uuid(), v.item_id, v.id, 'published', v.published_at, v.reviewed_by, '', v.effective_on, '{}'
from items_itemversion v
where v.status = 'published' and v.published_at is not null
  and not exists (select from items_itemevent e where e.version_id = v.id and e.kind = 'published')
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0003_the_story_of_items")]
    operations = [migrations.RunSQL(LINES, migrations.RunSQL.noop)]
