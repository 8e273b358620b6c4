"""Writing a decision down inside the statement that takes the case in: halted or without a place left, nothing is written."""

from django.db import migrations

# Whoever commits first has the place; the other waits for the row, then finds none (TB003).
TAKE_PLACE = """
create function decisions_take_place(of_quota text) returns int language plpgsql as $$
declare
    place int;
begin
    update decisions_quota q set taken = q.taken + 1 where q.key = of_quota and q.taken < q.places
        returning q.taken into place;
    if place is null then
        raise exception 'no place left' using errcode = 'TB003';
    end if;
    return place;
end $$;
"""

# TB004: halted since it was considered. `p` is a row of decisions_decided without its case.
RECORD = """
create function decisions_record(p jsonb, of_case uuid) returns uuid language plpgsql as $$
declare
    this decisions_decided;
begin
    this := jsonb_populate_record(null::decisions_decided, p);
    this.case_id := of_case;
    if exists (select from decisions_halt h where h.item_code = this.item_code and h.lifted_at is null) then
        raise exception 'halted' using errcode = 'TB004';
    end if;
    if this.quota_key <> '' then
        perform decisions_take_place(this.quota_key);
    end if;
    insert into decisions_decided select this.*;
    return this.id;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [
        migrations.RunSQL(TAKE_PLACE, "drop function decisions_take_place(text)"),
        migrations.RunSQL(RECORD, "drop function decisions_record(jsonb, uuid)"),
    ]
