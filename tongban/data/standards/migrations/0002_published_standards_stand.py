"""What has been published is never changed: it may only be withdrawn. Its codes stay with it."""

from django.db import migrations

FORBID = """
create function standards_version_stands() returns trigger language plpgsql as $$
begin
    if old.status in ('published', 'withdrawn') and (tg_op = 'DELETE' or (new.standard_id, new.version, new.content, new.digest,
        new.effective_on, new.values_count) is distinct from (old.standard_id, old.version, old.content, old.digest,
        old.effective_on, old.values_count)) then
        raise exception 'a published version of a standard is never changed';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger standards_version_stands before update or delete on standards_version
    for each row execute function standards_version_stands();
create function standards_code_stands() returns trigger language plpgsql as $$
begin
    if exists (select from standards_version where id = old.version_id and status in ('published', 'withdrawn')) then
        raise exception 'a code of a published version is never changed';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger standards_code_stands before update or delete on standards_codevalue
    for each row execute function standards_code_stands();
"""
ALLOW = """
drop trigger standards_code_stands on standards_codevalue; drop function standards_code_stands();
drop trigger standards_version_stands on standards_version; drop function standards_version_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_standards")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
