"""The function that takes an application in with one statement."""

from django.db import migrations

# The twin of rules/numbers.py; a test compares the two.
SERIAL_TEXT = """
create function cases_serial_text(serial int) returns text language plpgsql immutable as $$
declare
    letters constant text := 'ABCDEFGHJKLMNPQRSTUVWXYZ';
    rest int := serial - 10000;
    room int; head int; tail int; word text;
begin
    if serial < 10000 then return lpad(serial::text, 4, '0'); end if;
    for width in 1..4 loop
        room := (24 ^ width)::int * (10 ^ (4 - width))::int;
        if rest < room then
            head := rest / (10 ^ (4 - width))::int; tail := rest % (10 ^ (4 - width))::int; word := '';
            for place in 1..width loop
                word := substr(letters, head % 24 + 1, 1) || word; head := head / 24;
            end loop;
            return word || case when width < 4 then lpad(tail::text, 4 - width, '0') else '' end;
        end if;
        rest := rest - room;
    end loop;
    return (10000 + rest)::text;
end $$;
"""

# See models.DaySerial. When all sixteen stripes are held, one waits for any of them.
NEXT_SERIAL = """
create function cases_next_serial(of_day text) returns int language plpgsql as $$
declare
    serial int;
    any_stripe constant int := 1 + floor(random() * 16)::int;
begin
    update cases_dayserial d set next = d.next + 16 where d.prefix = of_day and d.stripe = (
        select free.stripe from cases_dayserial free where free.prefix = of_day
        order by free.next limit 1 for update skip locked
    ) returning d.next - 16 into serial;
    if serial is not null then return serial; end if;
    insert into cases_dayserial (prefix, stripe, next) select of_day, stripe, stripe from generate_series(1, 16) stripe
        on conflict do nothing;
    if found then return cases_next_serial(of_day); end if;
    update cases_dayserial d set next = d.next + 16
        where d.prefix = of_day and d.stripe = any_stripe returning d.next - 16 into serial;
    return serial;
end $$;
"""

# What was checked before is only right while the catalogue stands as it was read (`stamp`): else TB002, and it is read anew.
# A second intake under the same key waits for the first at its own insert, then answers with what the first became.
INTAKE = """
create function cases_intake(p jsonb)
returns table (case_id uuid, project_no text, submitted_at timestamptz, digest text, is_replay boolean)
language plpgsql as $$
#variable_conflict use_column
declare
    this cases_case;
    serial int;
    job jsonb;
begin
    this := jsonb_populate_record(null::cases_case, p -> 'case');
    if not exists (select from items_itemversion v where v.id = this.item_version_id)
        or (p ->> 'stamp')::bigint <> coalesce((select stamp from items_catalogue where id = 1), 0) then
        raise exception 'the catalogue has changed' using errcode = 'TB002';
    end if;
    insert into cases_intakekey (fingerprint, digest, made_id, made_at)
        values (p ->> 'fingerprint', p ->> 'digest', this.id, this.submitted_at) on conflict do nothing;
    if not found then
        return query select c.id, c.project_no::text, c.submitted_at, k.digest::text, true
            from cases_intakekey k join cases_case c on c.id = k.made_id where k.fingerprint = p ->> 'fingerprint';
        return;
    end if;
    if p ? 'draft_id' then
        update cases_draft d set case_id = this.id where d.id = (p ->> 'draft_id')::uuid and d.case_id is null;
        if not found then
            raise exception 'draft submitted before' using errcode = 'TB001';
        end if;
    end if;
    insert into cases_casematerial select m.* from jsonb_populate_recordset(null::cases_casematerial, p -> 'materials') m;
    insert into clocks_clock select c.* from jsonb_populate_record(null::clocks_clock, p -> 'clock') c;
    insert into cases_caseevent select e.* from jsonb_populate_record(null::cases_caseevent, p -> 'event') e;
    insert into audit_fact select f.* from jsonb_populate_record(null::audit_fact, p -> 'fact') f;
    for job in select * from jsonb_array_elements(p -> 'tasks') loop
        perform tongban_defer(job ->> 'task', job -> 'ids');
    end loop;
    serial := cases_next_serial(p ->> 'prefix');
    this.project_no := (p ->> 'prefix') || cases_serial_text(serial);
    insert into cases_case select this.*;
    return query select this.id, this.project_no::text, this.submitted_at, p ->> 'digest', false;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("audit", "0001_initial"),
        ("clocks", "0001_initial"),
        ("items", "0001_initial"),
        ("tasks", "0001_defer_function"),
    ]

    operations = [
        migrations.RunSQL(SERIAL_TEXT, "drop function cases_serial_text(int)"),
        migrations.RunSQL(NEXT_SERIAL, "drop function cases_next_serial(text)"),
        migrations.RunSQL(INTAKE, "drop function cases_intake(jsonb)"),
    ]
