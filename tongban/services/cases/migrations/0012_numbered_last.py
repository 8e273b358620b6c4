"""The letter of a decision made at once is numbered last: whoever takes a number holds its series until he commits.

The whole function as it stands now, after 0007 to 0011. Everything that may be written before the number is, the case too, and its
references are checked before instead of at the commit; so decisions of one department wait for each other only while a letter is written.
"""

from django.db import migrations

INTAKE = """
create or replace function cases_intake(p jsonb)
returns table (case_id uuid, project_no text, submitted_at timestamptz, digest text, is_replay boolean)
language plpgsql as $$
#variable_conflict use_column
declare
    this cases_case;
    job jsonb;
    letter_number text;
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
    this.project_no := (p ->> 'prefix') || cases_serial_text(cases_next_serial(p ->> 'prefix'));
    insert into cases_case select this.*;
    insert into cases_casematerial select m.* from jsonb_populate_recordset(null::cases_casematerial, p -> 'materials') m;
    if p ? 'signatures' then
        insert into cases_signature select s.* from jsonb_populate_recordset(null::cases_signature, p -> 'signatures') s;
    end if;
    insert into clocks_clock select c.* from jsonb_populate_recordset(null::clocks_clock, p -> 'clocks') c;
    insert into cases_caseevent select e.* from jsonb_populate_recordset(null::cases_caseevent, p -> 'events') e;
    insert into audit_fact select f.* from jsonb_populate_recordset(null::audit_fact, p -> 'facts') f;
    for job in select * from jsonb_array_elements(p -> 'tasks') loop
        perform tongban_defer(job ->> 'task', job -> 'ids');
    end loop;
    if p ? 'decided' then
        perform decisions_record(p -> 'decided', this.id);
    end if;
    if p ? 'decision' then
        insert into licences_licence select l.* from jsonb_populate_recordset(null::licences_licence, p -> 'licences') l;
        insert into cases_decision select d.* from jsonb_populate_record(null::cases_decision, p -> 'decision') d;
        insert into cases_delivery select d.* from jsonb_populate_record(null::cases_delivery, p -> 'delivery') d;
        insert into notifications_message
            select m.* from jsonb_populate_recordset(null::notifications_message, p -> 'messages') m;
        insert into notifications_dispatch
            select d.* from jsonb_populate_recordset(null::notifications_dispatch, p -> 'dispatches') d
            where (p ->> 'must')::boolean or not exists (
                select from notifications_preference n where n.recipient_id = this.applicant_person_id and n.way = d.way);
        set constraints all immediate;
        letter_number := letters_put(p -> 'letters', this.project_no);
        if this.certificate_name <> '' and this.certificate_no = '' then
            update cases_case c set certificate_no = letter_number where c.id = this.id;
        end if;
    end if;
    return query select this.id, this.project_no::text, this.submitted_at, p ->> 'digest', false;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_signatures")]

    operations = [migrations.RunSQL(INTAKE, migrations.RunSQL.noop)]
