"""The SQL that makes cases: chance drawn from the number of a case and the seed, everything else from the tables it stands on."""


def _chance(which: int) -> str:
    """Between nought and one: another for every case, and for everything that is drawn for it."""
    return f"((hashint8extended(i * 64 + {which}, seed) & 1073741823) / 1073741824.0::float8)"


def _key(at: str, place: int) -> str:
    """A key (UUIDv7) of a moment; `place` tells the keys of one case and moment apart."""
    moment = f"lpad(to_hex((extract(epoch from {at}) * 1000)::bigint), 12, '0')"
    return f"({moment} || '7' || substr(marks, {place}, 3) || '9' || substr(marks, {place + 3}, 15))::uuid"


# Beside the real tables for as long as the making lasts, so that it can be taken up where it was left.
TABLES = """
create unlogged table many_plan (seed bigint, how_many bigint, persons int, companies int, first_serial bigint, began timestamptz,
    until timestamptz, days int, persons_before int, cases_before bigint);
create unlogged table many_done (what text, first bigint, primary key (what, first));
create unlogged table many_index (name text primary key, definition text);
create unlogged table many_applicant (kind text, no int, id uuid, person_id uuid, holder int, name text, number text, index text,
    phone text);
create unlogged table many_kind (dominant boolean, no int, applicant text, item_version_id uuid, item_code text, task_code text,
    task_name text, project_type text, department_id uuid, division text, answers text, situation jsonb, terms int, stage_key text,
    stage_name text, stage_days int);
create unlogged table many_day (terms int, day date, promise_days int, promise_unit text, statutory_days int, statutory_unit text,
    promise_due_on date, statutory_due_on date, certain boolean, warn_on date, yellow_on date, red_on date, calendar_stamp text,
    primary key (terms, day));
create unlogged table many_officer (department_id uuid, no int, id uuid, primary key (department_id, no));
"""
CLEAR = """
drop table if exists many_plan, many_done, many_index, many_applicant, many_kind, many_day, many_officer;
"""

# Who applies: the busiest one of all in a hundredth, then all others, some much more often than others.
_DRAWN = f"""
with plan as (select * from many_plan),
numbered as materialized (
    select i, plan.*, until - make_interval(secs => days * 86400.0 * (how_many - i) / how_many) as at,
        {_chance(1)} < %(dominant)s as of_most, {_chance(2)} as which, {_chance(3)} < %(busy)s as is_busiest,
        power({_chance(4)}, 1.5) as who,
        md5(seed || ':' || i) as marks
    from plan, generate_series(%(first)s::bigint, %(last)s::bigint - 1) i
),
dated as materialized (
    select n.*, (n.at at time zone 'Asia/Shanghai')::date as day, (extract(epoch from n.until - n.at) / 86400)::float8 as age,
        {_chance(5)} as fate, (1 + 9 * {_chance(6)}) as took, {_chance(7)} as how, {_chance(8)} as by,
        {_chance(9)} as rated, {_chance(10)} as late, {_chance(11)} as hand
    from numbered n
),
of_kind as materialized (
    select d.*, k.applicant as kind_of_applicant, k.item_version_id, k.item_code, k.task_code, k.task_name, k.project_type,
        k.department_id, k.division, k.answers, k.situation, k.terms, k.stage_key, k.stage_name, k.stage_days,
        case when d.age < 15 then d.fate > d.age / 15 * 1.3 else d.age < 90 and d.fate < 0.003 end as is_open
    from dated d
    join many_kind k on k.dominant = d.of_most
        and k.no = floor(d.which * case when d.of_most then %(most)s::int else %(others)s::int end)::int
),
made as materialized (
    select o.*, {_key("o.at", 1)} as id, a.id as applicant_id, coalesce(a.person_id, h.id) as person_id,
        a.name as applicant_name, a.number as applicant_number, a.index as applicant_index, coalesce(nullif(a.phone, ''), h.phone) as phone,
        t.promise_due_on, t.statutory_due_on, t.certain, t.warn_on, t.yellow_on, t.red_on, t.promise_days, t.promise_unit,
        t.statutory_days, t.statutory_unit, t.calendar_stamp,
        case when not is_open then 'closed'
             else (array['submitted', 'received', 'accepted', 'accepted', 'reviewing', 'reviewing'])[1 + floor(how * 6)::int] end as state,
        case when is_open then '' when how < 0.80 then 'granted' when how < 0.86 then 'refused' when how < 0.93 then 'withdrawn'
             when how < 0.98 then 'not_accepted' else 'lapsed' end as result,
        case when is_open then null else o.at + make_interval(secs => 86400.0 * least(took + case when late < 0.04 then 20 else 0 end,
             age * (0.1 + 0.8 * late))) end as ended_at
    from of_kind o
    left join many_applicant a on a.kind = case when o.is_busiest then 'person' else o.kind_of_applicant end
        and a.no = case when o.is_busiest then 0 else floor(o.who * case o.kind_of_applicant when 'person' then o.persons
            else o.companies end)::int end
    left join many_applicant h on a.kind = 'company' and h.kind = 'person' and h.no = a.holder
    join many_day t on t.terms = o.terms and t.day = o.day
),
whole as materialized (
    select m.*, (m.ended_at at time zone 'Asia/Shanghai')::date as ended_on, m.state in ('accepted', 'reviewing') as is_in_work,
        m.is_open and m.hand < 0.6 as is_taken
    from made m
)
"""  # noqa: S608

CASES = (
    _DRAWN  # noqa: S608
    + f""",
officer as (select department_id, count(*) as of_all from many_officer group by department_id),
cases as (
    insert into cases_case (id, project_no, item_version_id, item_code, task_code, task_name, project_type, department_id, division,
        applicant_kind, applicant_id, applicant_person_id, applicant_name, applicant_number, applicant_index, contact_phone, answers,
        situation, delivery_wish, state, result, suspended_from, channel, submitted_at, received_at, accepted_at, accepted_by_silence,
        decided_at, closed_at, answer_due_on, promise_due_on, statutory_due_on, due_certain, warn_on, yellow_on, red_on, lamp,
        lamp_floor, lamp_note, stage_key, stage_name, holder_department_id, holder_account_id, urgent_on, is_open, told_at,
        correction_count, certificate_name, certificate_no)
    select w.id, task_code || to_char(day, 'YYYYMMDD') || cases_serial_text((first_serial + i - floor(how_many * (1 - extract(epoch from
            until - day::timestamp at time zone 'Asia/Shanghai') / 86400 / days)))::int),
        item_version_id, item_code, task_code, task_name, project_type, w.department_id, division, coalesce(kind_of_applicant, 'person'),
        applicant_id, person_id, applicant_name, applicant_number, applicant_index, phone, answers, situation, %(empty)s, state, result,
        '', case when by < 0.55 then 'online' when by < 0.85 then 'counter' when by < 0.98 then 'api' else 'post' end, at, at,
        case when is_in_work or (not is_open and result <> 'not_accepted') then at end, false,
        case when result in ('granted', 'refused') then ended_at end, ended_at, warn_on, promise_due_on, statutory_due_on, certain,
        warn_on, yellow_on, red_on,
        case when not is_open then 'green' when (until at time zone 'Asia/Shanghai')::date >= red_on then 'red'
             when (until at time zone 'Asia/Shanghai')::date >= yellow_on then 'yellow'
             when (until at time zone 'Asia/Shanghai')::date >= warn_on then 'warn' else 'green' end,
        'green', '', case when not is_open then 'end' when is_in_work then stage_key else 'accept' end,
        case when not is_open then '办结' when is_in_work then stage_name else '受理' end, w.department_id,
        case when is_taken then o.id end, coalesce(ended_on, promise_due_on), is_open, at, 0, '', ''
    from whole w left join officer n on n.department_id = w.department_id
    left join many_officer o on o.department_id = w.department_id and o.no = floor(w.hand / 0.6 * n.of_all)::int
),
events as (
    insert into cases_caseevent (id, case_id, at, verb, stage_name, actor_kind, department_id, note, is_public)
    select {_key("e.at", 2)}, w.id, e.at, e.verb, e.stage, e.actor, w.department_id, '', true
    from whole w, lateral (values ('submit', w.at, '申请', 'person', true),
        ('accept', w.at + interval '1 minute', '受理', 'staff', w.is_in_work or (not w.is_open and w.result <> 'not_accepted')),
        ('close', w.ended_at, '办结', 'staff', not w.is_open)) as e (verb, at, stage, actor, happened)
    where e.happened
),
steps as (
    insert into cases_casestep (id, case_id, stage_key, stage_name, kind, round, position, department_id, post, hall, "window",
        is_opinion, state, started_at, due_on, finished_at, account_id, verdict, opinion)
    select {_key("w.at", 3)}, w.id, stage_key, stage_name, 'review', 1, 0, w.department_id, 'reviewer', '', '', false,
        case when is_open then 'todo' else 'done' end, at, day + stage_days, ended_at, case when not is_open then w.person_id end,
        case when is_open then '' else 'agree' end, ''
    from whole w where is_in_work or (not is_open and result in ('granted', 'refused') and age < %(kept)s)
),
clocks as (
    insert into clocks_clock (id, subject, kind, division, started_on, promise_days, promise_unit, statutory_days, statutory_unit,
        promise_due_on, statutory_due_on, certain, warn_on, yellow_on, red_on, calendar_stamp, extension_days, ended_on)
    select {_key("w.at", 4)}, 'case:' || w.id, 'decision', division, day, promise_days, promise_unit, statutory_days,
        statutory_unit, promise_due_on, statutory_due_on, certain, warn_on, yellow_on, red_on, calendar_stamp, 0, ended_on
    from whole w where is_in_work or (not is_open and result in ('granted', 'refused') and age < %(kept)s)
),
stars as materialized (
    select w.*, {_key("ended_at + interval '1 minute'", 5)} as rating_id,
        case when rated < 0.24 then 5 when rated < 0.28 then 4 when rated < 0.29 then 3 when rated < 0.295 then 2 else 1 end as stars
    from whole w where not is_open and rated < 0.3
),
ratings as (
    insert into evaluation_rating (id, case_id, item_code, task_name, department_id, division, closed_on, stars, reasons, text,
        anonymous, way, rated_at)
    select rating_id, id, item_code, task_name, department_id, division, ended_on, stars, '{{}}', '', by < 0.3, '1',
        ended_at + interval '1 minute'
    from stars
),
mending as (
    insert into evaluation_rectification (id, rating_id, department_id, state, assigned_at, closed_at)
    select {_key("ended_at", 6)}, rating_id, department_id, case when age < 30 then 'assigned' else 'closed' end,
        ended_at + interval '1 minute', case when age < 30 then null else ended_at + interval '3 days' end
    from stars where stars <= 2
),
bills as (
    insert into payments_bill (id, payment_code, case_id, project_no, task_name, department_id, division, payer_id, person_id, lines,
        amount_fen, state, made_at, paid_at)
    select {_key("w.at", 7)}, 'M' || seed || lpad(i::text, 12, '0'), w.id, task_code || i, task_name, department_id,
        division, applicant_id, person_id, '[]', 4000, case when is_open then 'due' else 'paid' end, at, ended_at
    from whole w where {_chance(12)} < 0.02
),
messages as (
    insert into notifications_message (id, recipient_kind, recipient_id, template_id, title, body, link, subject, created_at, read_at)
    select {_key("w.at", 8)}, 'person', person_id, %(template)s, task_name, %(body)s, '/my/cases/' || w.id || '/',
        'case:' || w.id, at, case when age > 7 then at + interval '1 day' end
    from whole w where person_id is not null and (age < %(told)s or is_busiest)
)
select count(*) from whole
"""  # noqa: S608
)

# The first facts of the latest cases: what they say is bound by a hash that only Python can make here.
BEGUN = """
select id, submitted_at, applicant_person_id from cases_case c where submitted_at >= %s and id >= %s and id < %s
    and not exists (select from audit_fact f where f.stream = 'case:' || c.id) order by id
"""

SECONDARY = """
select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any (%s::regclass[]) and not i.indisunique and not exists (select from pg_constraint where conindid = i.indexrelid)
"""
