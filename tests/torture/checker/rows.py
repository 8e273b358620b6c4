"""What the database must not hold: each statement answers with whom a fault is about and what is wrong, and should answer with nothing."""

from __future__ import annotations

# Which fact each line of the time line leaves, and which message its applicant gets.
LEAVES = {
    "submit": "submitted", "receive": "received", "accept": "accepted", "refuse_acceptance": "not_accepted",
    "transfer": "transferred", "ask_correction": "correction_asked", "supply_correction": "correction_supplied",
    "review": "reviewed", "give_opinion": "opinion_given", "decide": "decided", "certify": "certified",
    "deliver": "delivered", "close": "closed", "withdraw": "withdrawn", "urge": "urged",
}  # fmt: skip
TELLS = {
    "submit": "submitted", "receive": "received", "accept": "accepted", "refuse_acceptance": "not_accepted",
    "transfer": "transferred", "ask_correction": "correction", "supply_correction": "correction_supplied",
    "deliver": "delivered", "close": "closed", "withdraw": "withdrawn", "take_over": "moved",
}  # fmt: skip
BY_RULES = "select case_id from cases_decision where rule_set_id is not null"


def _pairs(table: dict[str, str]) -> str:
    return ", ".join(f"('{verb}', 'cases.{name}')" for verb, name in table.items())


def _twice(table: str, columns: str, what: str) -> str:
    return f"select concat_ws(' ', {columns}), '{what} ' || count(*) || ' times' from {table} group by {columns} having count(*) > 1"


STATES = [
    "select id, 'open, and closed' from cases_case where is_open = (state = 'closed')",
    """select id, 'without a decision' from cases_case c where result in ('granted', 'partly', 'refused')
       and not exists (select from cases_decision d where d.case_id = c.id and d.result = c.result)""",
    "select id, 'decided, and does not say so' from cases_case c join cases_decision d on d.case_id = c.id where c.result = ''",
    """select id, 'decided by people, and nobody reviewed it' from cases_case c join cases_decision d on d.case_id = c.id
       where d.decided_by is not null and c.project_type <> '1'
       and not exists (select from cases_casestep s where s.case_id = c.id and s.kind = 'review' and s.state = 'done')""",
    """select id, state || ', and nobody has it' from cases_case c where state in ('accepted', 'reviewing', 'decided', 'certifying',
       'delivering') and not exists (select from cases_casestep s where s.case_id = c.id and s.state = 'todo')""",
    """select id, 'closed, and somebody still has it' from cases_case c where state = 'closed'
       and exists (select from cases_casestep s where s.case_id = c.id and s.state = 'todo')""",
]
# A clock stops by a line of its ledger; but what rules decide at once begins and ends in one commit, which the ledger need not tell.
CLOCKS = [
    f"""select k.subject, k.kind || ' has ended with ' || count(e.id) || ' lines that say so' from clocks_clock k
       left join clocks_clockentry e on e.clock_id = k.id and e.what = 'stopped' where k.ended_on is not null
       and k.subject not in (select 'case:' || case_id from ({BY_RULES}) by_rules) group by k.id having count(e.id) <> 1""",
    """select k.subject, k.kind || ' runs though its ledger has stopped it' from clocks_clock k
       join clocks_clockentry e on e.clock_id = k.id and e.what = 'stopped' where k.ended_on is null""",
    """select k.subject, k.kind || ' stands still, and its ledger does not' from clocks_clock k where (k.paused_on is not null) <>
       ((select count(*) filter (where what = 'suspended') > count(*) filter (where what = 'resumed')
         from clocks_clockentry e where e.clock_id = k.id))""",
    """select k.subject, k.kind || ' is ' || k.extension_days || ' days longer than its ledger' from clocks_clock k
       where k.extension_days <> (select coalesce(sum(days), 0) from clocks_clockentry e where e.clock_id = k.id and what = 'extended')""",
    """select c.id, c.state || ' with ' || count(k.id) || ' clocks running, not ' || wanted from (select *, case when state in ('closed',
       'correction') then 0 else 1 end as wanted from cases_case) c left join clocks_clock k on k.subject = 'case:' || c.id
       and k.ended_on is null group by c.id, c.state, wanted having count(k.id) <> wanted""",
    """select c.id, c.state || ' runs by ' || k.kind from cases_case c join clocks_clock k on k.subject = 'case:' || c.id
       and k.ended_on is null where k.kind !~ (case when c.state in ('submitted', 'received') then '^acceptance'
       when c.state in ('accepted', 'reviewing', 'suspended') then '^decision$' else '^delivery$' end)""",
]  # fmt: skip
NUMBERS = [
    _twice("cases_case", "project_no", "given"),
    _twice("letters_letter", "department_id, word, year, serial", "given"),
    _twice("letters_letter", "verify_code", "given"),
    _twice("licences_licence", "identifier", "given"),
    _twice("licences_licence", "type_code, issuer_code, serial, version", "given"),
    _twice("payments_bill", "payment_code", "given"),
    _twice("payments_payment", "order_no", "given"),
    """select s.word || s.year, 'counts to ' || s.last || ', but ' || count(l.id) || ' letters up to ' || coalesce(max(l.serial), 0)
       from letters_letterseries s left join letters_letter l using (department_id, word, year)
       group by s.id having count(l.id) <> s.last or coalesce(max(l.serial), 0) <> s.last""",
]
FACTS = [
    f"""select e.case_id, e.verb || ' ' || count(distinct e.id) || ' times, its fact ' || count(distinct f.id) || ' times'
       from cases_caseevent e join (values {_pairs(LEAVES)}) as leaves (verb, name) using (verb)
       left join audit_fact f on f.stream = 'case:' || e.case_id and f.name = leaves.name
       group by e.case_id, e.verb having count(distinct e.id) <> count(distinct f.id)""",
    """select stream, name || ' about a case that does not exist' from audit_fact
       where stream like 'case:%' and not exists (select from cases_case c where 'case:' || c.id = stream)""",
    """select c.id, 'submitted with ' || count(s.id) || ' signatures' from cases_case c
       left join cases_signature s on s.case_id = c.id and s.verb = 'submit' group by c.id having count(s.id) <> 1""",
]
LICENCES = [
    """select d.case_id, 'granted by rules with ' || count(l.id) || ' licences' from cases_decision d
       left join licences_licence l on l.case_id = d.case_id
       where d.rule_set_id is not null and d.result = 'granted' group by d.case_id having count(l.id) <> 1""",
    """select d.case_id, 'decided by rules, considered ' || count(w.id) || ' times' from cases_decision d
       left join decisions_decided w on w.case_id = d.case_id and w.outcome <> 'person'
       where d.rule_set_id is not null group by d.case_id having count(w.id) <> 1""",
    """select case_id, 'considered, and no case' from decisions_decided w
       where not exists (select from cases_case c where c.id = w.case_id)""",
    """select d.case_id, 'decided without its letter' from cases_decision d
       where not exists (select from letters_letter l where l.id = d.letter_id)""",
    """select l.case_id, 'has a licence and was not granted' from licences_licence l join cases_case c on c.id = l.case_id
       where c.result not in ('granted', 'partly')""",
]
PAYMENTS = [
    """select b.id, b.state || ' with ' || count(p.id) || ' payments' from payments_bill b left join payments_payment p
       on p.bill_id = b.id and p.state = 'paid' group by b.id
       having count(p.id) <> case when b.state in ('due', 'cancelled') then 0 else 1 end""",
    """select c.id, 'closed, and its bill is still due' from cases_case c join payments_bill b on b.case_id = c.id
       where c.state = 'closed' and b.state = 'due'""",
    """select t.order_no, 'the bank took it, and here it is ' || coalesce(p.state, 'unknown') from payments_pretendtaking t
       left join payments_payment p using (order_no) where p.state is null or p.state not in ('paid', 'extra')""",
    """select c.id, 'an application with a fee has ' || count(b.id) || ' bills' from cases_case c
       left join payments_bill b on b.case_id = c.id where c.item_code = 'identity-card' group by c.id having count(b.id) <> 1""",
]
# Everybody has stopped asking and the workers have had their time: what is neither done nor waiting for its hour is stuck.
TASKS = [
    """select id, task_name || ' is ' || status from procrastinate_jobs job where status not in ('todo', 'succeeded') and not
       (status in ('aborted', 'failed') and exists (select from procrastinate_jobs next where next.queueing_lock = job.queueing_lock
        and next.id > job.id and next.status = 'succeeded'))""",
    "select id, task_name || ' has waited since ' || scheduled_at from procrastinate_jobs where status = 'todo' and scheduled_at < now()",
    "select id, task_name || ' waits and nobody does it' from procrastinate_jobs where status = 'todo' and scheduled_at is null",
]
NOTICES = [
    # A message for each step, once; of what rules decided at once there is one message about it all.
    f"""select e.case_id, e.verb || ' ' || count(distinct e.id) || ' times, told ' || count(distinct m.id) || ' times'
       from cases_caseevent e join (values {_pairs(TELLS)}) as tells (verb, code) using (verb)
       left join (notifications_message m join notifications_messagetemplate t on t.id = m.template_id)
         on m.subject = 'case:' || e.case_id and t.code = tells.code
       where e.case_id not in ({BY_RULES}) group by e.case_id, e.verb having count(distinct e.id) <> count(distinct m.id)""",
    """select d.case_id, d.result || ', told ' || count(t.id) || ' times' from cases_decision d
       left join notifications_message m on m.subject = 'case:' || d.case_id
       left join notifications_messagetemplate t on t.id = m.template_id and t.code =
         'cases.' || d.result || case when d.rule_set_id is null then '' else '_at_once' end
       group by d.case_id, d.result having count(t.id) <> 1""",
    "select id, 'its receipt was never sent' from cases_case where told_at is null",
    """select d.id, d.way || ' of message ' || d.message_id || ' is ' || d.state from notifications_dispatch d
       where d.state not in ('sent', 'no_address')""",
    """select d.id, d.way || ' sent, and left the house ' || count(p.id) || ' times' from notifications_dispatch d
       left join notifications_pretendpost p on p.reference = d.way || ':' || d.id where d.state = 'sent'
       group by d.id having count(p.id) <> 1""",
    """select b.id, b.state || ', told ' || count(distinct m.id) || ' times that it was paid' from payments_bill b
       left join (notifications_message m join notifications_messagetemplate t on t.id = m.template_id and t.code = 'payments.paid')
         on m.subject = 'bill:' || b.id where b.paid_at is not null group by b.id having count(distinct m.id) <> 1""",
]
# 移送: a case lies with the department that took it over last, and each offer and answer is on its time line once.
TRANSFERS = [
    """select c.id, 'was taken over, and lies elsewhere' from cases_case c join (select distinct on (case_id) case_id, to_department_id
       from cases_transfer where answer = 'taken' order by case_id, answered_at desc) last on last.case_id = c.id
       where c.department_id <> last.to_department_id""",
    """select c.id, 'is offered, and ' || c.state from cases_transfer t join cases_case c on c.id = t.case_id
       where t.answer = '' and (c.state not in ('submitted', 'received') or c.holder_department_id <> t.to_department_id)""",
    *(
        f"""select c.id, '{verb} on its line ' || count(distinct e.id) || ' times, not ' || count(distinct t.id) from cases_case c
            left join cases_caseevent e on e.case_id = c.id and e.verb = '{verb}'
            left join cases_transfer t on t.case_id = c.id and ({which})
            group by c.id having count(distinct e.id) <> count(distinct t.id)"""
        for verb, which in {
            "offer_transfer": "true", "take_over": "t.answer = 'taken'", "return_transfer": "t.answer = 'returned'",
        }.items()
    ),
]  # fmt: skip
# 会签: a round is over when everybody asked has answered, and until then nobody decides.
OPINIONS = [
    """select a.case_id, 'a round is ' || case when a.settled_at is null then 'open' else 'over' end || ', missing: ' || count(s.id)
       from cases_asking a join cases_case c on c.id = a.case_id and c.is_open
       left join cases_casestep s on s.asking_id = a.id and s.state = 'todo'
       group by a.id having (a.settled_at is null) <> (count(s.id) > 0)""",
    """select a.case_id, 'decided, and somebody asked had not answered' from cases_asking a
       join cases_decision d on d.case_id = a.case_id join cases_casestep s on s.asking_id = a.id and s.state = 'todo'""",
    """select c.id, 'opinions asked for ' || count(distinct e.id) || ' times, not ' || count(distinct a.id) from cases_case c
       left join cases_caseevent e on e.case_id = c.id and e.verb in ('ask_opinions', 'add_signer')
       left join cases_asking a on a.case_id = c.id group by c.id having count(distinct e.id) <> count(distinct a.id)""",
]
# 代理: in another's name only whom he named; and nobody decides what he reviewed, in whosever name.
DEPUTIES = [
    """select s.id, 'done for somebody who named no deputy' from cases_casestep s where s.state = 'done' and s.for_account_id is not null
       and not exists (select from identity_deputy d where d.account_id = s.account_id and d.principal_id = s.for_account_id
                       and s.finished_at >= d.named_at)""",
    """select r.case_id, 'reviewed and decided by one' from cases_casestep r join cases_casestep d using (case_id)
       join cases_case c on c.id = r.case_id and c.project_type <> '1'
       where r.kind = 'review' and d.kind = 'decide' and r.state = 'done' and d.state = 'done' and not r.is_opinion and not d.is_opinion
       and (d.account_id in (r.account_id, r.for_account_id) or d.for_account_id in (r.account_id, r.for_account_id))""",
]
# 主题库: what is made from facts alone is made from all of them, and once.
TOPICS = [
    """select f.stream, 'has ' || count(*) || ' facts, its topic row was made from ' || coalesce(r.facts::text, 'none') from audit_fact f
       left join topics_topicrow r on r.key = f.stream and r.store = case split_part(f.stream, ':', 1)
       when 'case' then 'cases' when 'licence' then 'licences' else 'items' end
       where f.stream ~ '^(case|licence|serviceitem):' group by f.stream, r.facts having r.facts is distinct from count(*)""",
    """select r.store, r.key || ' was made from nothing' from topics_topicrow r where r.store in ('cases', 'licences', 'items')
       and not exists (select from audit_fact f where f.stream = r.key)""",
    """select f.id, 'a step that left ' || count(r.id) || ' traces' from audit_fact f left join topics_topicrow r on r.store = 'traces'
       and r.key = f.id::text where f.stream like 'case:%' and f.name not like 'persons.%' and f.name <> 'registries.looked'
       group by f.id having count(r.id) <> 1""",
    """select c.id, 'is ' || c.result || ', and its topic row says ' || (r.values ->> 'result') from cases_case c join topics_topicrow r
       on r.store = 'cases' and r.key = 'case:' || c.id where c.result in ('granted', 'refused') and r.values ->> 'result' <> c.result""",
    """select a.key, 'an applicant of ' || (a.values ->> 'cases') || ' cases, not ' || count(c.id) from topics_topicrow a
       left join topics_topicrow c on c.store = 'cases' and c.applicant = a.key where a.store = 'applicants'
       group by a.id having (a.values ->> 'cases')::int <> count(c.id)""",
]
RULES: dict[str, list[str]] = {
    "state": STATES, "clock": CLOCKS, "number": NUMBERS, "fact": FACTS, "licence": LICENCES, "payment": PAYMENTS, "task": TASKS,
    "notice": NOTICES, "transfer": TRANSFERS, "opinion": OPINIONS, "deputy": DEPUTIES,
    "topic": TOPICS,
}  # fmt: skip
