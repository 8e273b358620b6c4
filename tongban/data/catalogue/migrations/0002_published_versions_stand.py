"""What has been published is never changed: only that it was superseded may be written beside it."""

from django.db import migrations

FORBID = """
create function catalogue_version_stands() returns trigger language plpgsql as $$
begin
    if old.status = 'published' and (tg_op = 'DELETE' or (new.entry_id, new.number, new.content, new.status, new.digest)
        is distinct from (old.entry_id, old.number, old.content, old.status, old.digest)) then
        raise exception 'a published version of the catalogue is never changed';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger catalogue_version_stands before update or delete on catalogue_version
    for each row execute function catalogue_version_stands();
"""
ALLOW = "drop trigger catalogue_version_stands on catalogue_version; drop function catalogue_version_stands();"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
