"""The catalogue: each publication that somebody was told of is there once, as a version, with three people behind it and a fact of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import psycopg

from tests.torture.ledger import ACKNOWLEDGED, REFUSED, Request

Found = Iterator[tuple[str, str]]
# A revision begins with what the version before it says: that is no second writing.
WRITTEN = """select count(*) from (select content->>'summary' as said, lag(content->>'summary') over (order by number) as before
             from catalogue_version where entry_id = %(about)s) v where said = %(mark)s and before is distinct from said"""
SENT_BACK = "select count(*) from catalogue_review where id = %(about)s and state = 'refused' and answer = %(mark)s"
AGREED = "select count(*) from catalogue_review where id = %(about)s and %(by)s::uuid in (department_by, platform_by)"
ENTRY = "select count(*) from catalogue_entry where id::text = %(entry)s"
TRACES = (
    (
        "catalogue.department_agreed",
        "r.department_by is not null and (r.state <> 'refused' or r.platform_by is not null)",
    ),
    ("catalogue.published", "r.state = 'agreed' and r.act = 'publish'"),
    ("catalogue.refused", "r.state = 'refused'"),
)
NEVER = [
    """select v.id, 'published, by ' || count(r.id) || ' reviews that agreed' from catalogue_version v
       left join catalogue_review r on r.version_id = v.id and r.act = 'publish' and r.state = 'agreed'
       where v.status = 'published' group by v.id having count(r.id) <> 1""",
    """select r.id, 'agreed, and its version is ' || v.status from catalogue_review r join catalogue_version v on v.id = r.version_id
       where r.act = 'publish' and r.state = 'agreed' and v.status <> 'published'""",
    """select r.id, 'agreed by fewer than two, or by who wrote it' from catalogue_review r
       join catalogue_version v on v.id = r.version_id where r.state = 'agreed' and (r.department_by is null or r.platform_by is null
       or r.department_by = r.platform_by or array[r.department_by, r.platform_by] && v.authors)""",
    """select e.id, 'holds a version that is not its newest published one' from catalogue_entry e where e.published_id is distinct from
       (select v.id from catalogue_version v where v.entry_id = e.id and v.status = 'published' order by v.number desc limit 1)""",
    """select v.id, 'published, and ' || case when v.superseded_at is null then 'not superseded' else 'superseded, and holds' end
       from catalogue_version v join catalogue_entry e on e.id = v.entry_id where v.status = 'published'
       and (v.superseded_at is null) <> (e.published_id = v.id)""",
    """select v.id, 'is ' || v.status || ', with ' || count(r.id) || ' reviews open' from catalogue_version v
       left join catalogue_review r on r.version_id = v.id and r.act = 'publish' and r.state in ('department', 'platform')
       group by v.id, v.status having count(r.id) <> (v.status = 'in_review')::int""",
    """select e.id, 'its versions are numbered ' || string_agg(v.number::text, ' ' order by v.number) from catalogue_entry e
       join catalogue_version v on v.entry_id = e.id group by e.id
       having array_agg(v.number order by v.number) <> array(select generate_series(1, count(v.id))::int)""",
]  # fmt: skip


def listed(link: psycopg.Connection, requests: list[Request]) -> Found:
    """Nothing acknowledged is lost or there twice, nothing refused was done; versions, reviews and facts say the same."""
    yield from _begun(link, requests)
    for request in requests:
        if statement := {"catalogue_write": WRITTEN, "catalogue_refuse": SENT_BACK}.get(request.act):
            count = _count(link, statement, about=request.about, mark=request.mark)
            wrong = {ACKNOWLEDGED: count != 1, REFUSED: count > 0}.get(request.outcome, count > 1)
            if wrong:
                yield f"{request.n} {request.act}", f"{request.outcome}, and there {count} times"
        agreed = request.act == "catalogue_agree" and request.outcome == ACKNOWLEDGED
        if agreed and not _count(link, AGREED, about=request.about, by=request.by):
            yield f"{request.n} {request.act}", "acknowledged, and the review does not know of it"
    for name, when in TRACES:
        yield from _traced(link, name, when)
    for statement in NEVER:
        yield from ((str(about), str(what)) for about, what in link.execute(statement))


def _begun(link: psycopg.Connection, requests: list[Request]) -> Found:
    told = Counter(
        one.told["location"].split("/")[3]
        for one in requests
        if one.act == "catalogue_begin" and one.outcome == ACKNOWLEDGED
    )
    for entry, times in told.items():
        if times > 1:
            yield entry, f"was the answer {times} times"
        if not _count(link, ENTRY, entry=entry):
            yield entry, "acknowledged, and does not exist"


def _traced(link: psycopg.Connection, name: str, when: str) -> Found:
    """As many facts of an entry as its reviews say."""
    rows = link.execute(
        f"""select e.id::text, (select count(*) from catalogue_review r where r.entry_id = e.id and {when}),
        (select count(*) from audit_fact f where f.stream = 'entry:' || e.id and f.name = %s) from catalogue_entry e""",
        [name],
    )
    yield from ((entry, f"{facts} facts {name}, of {done}") for entry, done, facts in rows if facts != done)


def _count(link: psycopg.Connection, statement: str, **words: str) -> int:
    counted = link.execute(statement, words).fetchone()
    return int(counted[0]) if counted else 0
