"""Serial numbers, a hundred at a time (`gateways.BLOCK`), and what a licence said stays as it was said."""

from django.db import migrations

SERIALS = "create sequence licences_serial increment 100 start 1"

# What happens to a licence changes its state, never its words; acts and uses are only ever added.
KEPT = """
create function licences_words_are_kept() returns trigger language plpgsql as $$
begin
    if row(new.identifier, new.type_id, new.issuer_id, new.serial, new.version, new.number, new.holder_name,
           new.holder_number, new.fields, new.issued_on, new.valid_from, new.valid_until)
        is distinct from
       row(old.identifier, old.type_id, old.issuer_id, old.serial, old.version, old.number, old.holder_name,
           old.holder_number, old.fields, old.issued_on, old.valid_from, old.valid_until)
        or (old.record_digest <> '' and row(new.record, new.record_digest) is distinct from row(old.record, old.record_digest))
    then
        raise exception 'a version of a licence is never rewritten: make the next one';
    end if;
    return new;
end $$;
create trigger licences_words_are_kept before update on licences_licence
    for each row execute function licences_words_are_kept();

create function licences_only_added() returns trigger language plpgsql as $$
begin
    raise exception 'what was written here is never changed';
end $$;
create trigger licences_changes_only_added before update or delete on licences_licencechange
    for each row execute function licences_only_added();
create trigger licences_uses_only_added before update or delete on licences_use
    for each row execute function licences_only_added();
"""
FREE = """
drop trigger licences_uses_only_added on licences_use;
drop trigger licences_changes_only_added on licences_licencechange;
drop function licences_only_added();
drop trigger licences_words_are_kept on licences_licence;
drop function licences_words_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_initial")]

    operations = [
        migrations.RunSQL(SERIALS, "drop sequence licences_serial"),
        migrations.RunSQL(KEPT, FREE),
    ]
