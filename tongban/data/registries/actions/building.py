"""A register built from the lake: what changed since the last time, in one pass, part by part; killed, it goes on after the last part."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.lake.queries import datasets_named, merged_since, reading, table_at
from tongban.data.registries.errors import NOT_GATHERED, BuildMoved, SourcesMissing
from tongban.data.registries.gateways import merge
from tongban.data.registries.models import Build, Conflict, Register, RegisterState, Ruling
from tongban.data.registries.queries import Parts, lay_merged
from tongban.data.registries.rules import MERGED, all_keys, changed_keys, documents, sources_of, standing, wanted_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import SHANGHAI, now, today
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index, close
from tongban.foundation.kernel.versions import in_force

MANAGE, BUILD = "registries.manage", "registries.build"
MACHINE = installer(MANAGE)
READER = installer("lake.read")


@transaction.atomic
def start_build(
    *, actor: Actor, register: str, whole: bool = False, keys: Sequence[str] = (), later: bool = True
) -> Build:
    """Begin to build: what changed since the last time, or every key (`whole`, and always after the rules changed); `keys` beside.

    Refused while it is being built, and without rules that are published. One that failed makes room for this one.
    """
    one = find(Register.objects.select_for_update(), pk=register)
    permit(actor, MANAGE, department_id=one.department_id)
    ruling = in_force(Ruling.objects.all(), today(), register=one)
    under_way = one.builds.filter(ended_at=None).first()
    if ruling is None or (under_way and under_way.state != Build.State.FAILED):
        raise BuildMoved
    if under_way:
        keys = [*keys, *under_way.extra]  # what was wanted beside what changed is wanted still
        under_way.ended_at = now()
        under_way.save(update_fields=["ended_at"])
    before = one.builds.filter(state=Build.State.DONE).order_by("-began_at", "-id").first()
    whole = whole or before is None or before.ruling_id != ruling.pk
    with reading(actor=READER, keys=list(sources_of(ruling.content))) as lake:
        version = lake.version()
    made = Build.objects.create(
        register=one, ruling=ruling, before=before, whole=whole, version=version, extra=list(keys), began_at=now(), moved_at=now()
    )  # fmt: skip
    record("registries.build_started", actor=actor, subject=f"register:{one.code}", data={"whole": whole})
    if later:
        defer(BUILD, build_id=made.pk, lock=f"registries:{one.code}")
    return made


def start_due() -> int:
    """Begin to build every register that something new has come in for; how many were begun."""
    begun = 0
    for one in Register.objects.all():
        ruling = in_force(Ruling.objects.all(), today(), register=one)
        last = one.builds.order_by("-began_at", "-id").first()
        if ruling is None or (last and last.ended_at is None and last.state != Build.State.FAILED):
            continue
        if last is None or last.ruling_id != ruling.pk or merged_since(list(sources_of(ruling.content)), last.version):
            start_build(actor=MACHINE, register=one.code)
            begun += 1
    return begun


def build(*, build_id: UUID | str) -> Build:
    """Build until all parts are in; safe to call again at any time. What a source lacks by now is told, and tried again later."""
    run = find(Build.objects.select_related("register", "ruling", "before__ruling"), pk=build_id)
    if run.ended_at:
        return run
    try:
        _built(run)
    except TongbanError as fault:
        Build.objects.filter(pk=run.pk).update(state=Build.State.FAILED, fault=fault.code, moved_at=now())
        raise
    run.refresh_from_db()
    return run


def build_now(*, actor: Actor, register: str, whole: bool = False, keys: Sequence[str] = ()) -> Build:
    """Begin and finish at once: for small registers, set-up and tests."""
    return build(build_id=start_build(actor=actor, register=register, whole=whole, keys=keys, later=False).pk)


def _built(run: Build) -> None:
    content = run.ruling.content
    with reading(actor=READER, keys=list(sources_of(content))) as lake:
        _lay_out(run, lake)
        expected = int(lake.one("select count(*) from documents")[0])
        if run.expected is None:
            run.expected = expected
            run.save(update_fields=["expected"])
        while run.parts_done * run.keys_a_part < expected:
            first = run.parts_done * run.keys_a_part
            found = lake.rows(
                "select key, values, origins, search, conflicts from documents where n >= ? and n < ? order by n",
                [first, first + run.keys_a_part],
            )
            if not _part_in(run, found):
                return
    with transaction.atomic():
        run = Build.objects.select_for_update().get(pk=run.pk)
        if run.ended_at:
            return
        run.state, run.fault, run.ended_at, run.moved_at = Build.State.DONE, "", now(), now()
        run.save(update_fields=["state", "fault", "ended_at", "moved_at"])
        state = {"source": run.register.title, "as_of": run.began_at.astimezone(SHANGHAI).date()}
        RegisterState.objects.update_or_create(name=run.register_id, defaults=state)
        record("registries.built", actor=MACHINE, subject=f"register:{run.register_id}", data={"counts": run.counts})


def keys_of(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """The key columns of each dataset that rules build from; raises `SourcesMissing`."""
    return {name: one.keys for name, one in sources_gathered(list(sources_of(content))).items()}


def sources_gathered(names: Sequence[str]) -> dict[str, Any]:
    """What is known of datasets that rules name; raises `SourcesMissing` with all those of which nothing is."""
    known = datasets_named(names)
    if missing := sorted(set(names) - set(known)):
        raise SourcesMissing(
            reasons=[Reason("registries.sources_missing", NOT_GATHERED % {"dataset": name}) for name in missing]
        )
    return known


def _lay_out(run: Build, lake: Any) -> None:
    """`documents` of all keys to build. The same whenever it is asked for: the lake's version is fixed, and so are the merges."""
    content, before = run.ruling.content, run.before
    keys = keys_of(content)
    now_ = {name: table_at(name, run.version) for name in sources_of(content)}
    lake.run(*MERGED)
    lay_merged(lake, run.register_id, run.began_at)
    if run.whole:
        wanted = [all_keys(content, now_, keys)]
        if before is not None:
            old = before.ruling.content
            wanted.append(
                all_keys(old, {name: table_at(name, before.version) for name in sources_of(old)}, keys_of(old))
            )
    else:
        then = {name: table_at(name, before.version if before else None) for name in sources_of(content)}
        wanted = [changed_keys(content, now_, then, keys)]
    lake.run(wanted_of(wanted))
    for key in run.extra:
        lake.one(
            "insert into wanted select ?::varchar where not exists (select 1 from wanted where _key = ?)", [key, key]
        )
    lake.run(*documents(content, now_, keys, day=run.began_at.date().isoformat()))


def _part_in(run: Build, found: list[dict[str, Any]]) -> bool:
    """One part, whole or not at all; whether it is ours to go on."""
    personal, content = run.register.personal, run.ruling.content
    elements = [one["name"] for one in content["elements"]]
    datasets = list(sources_of(content))
    indexes = {row["key"]: blind_index(row["key"]) if personal else row["key"] for row in found}
    differing = [
        (
            indexes[row["key"]],
            elements[one["element"] - 1],
            blind_index(one["said"]),
            [datasets[number - 1] for number in sorted(one["sources"])],
        )
        for row in found
        for one in row["conflicts"] or ()
    ]
    with transaction.atomic():
        locked = Build.objects.select_for_update().get(pk=run.pk)
        if locked.ended_at or locked.parts_done != run.parts_done:
            return False
        decided = _decided(run.register_id, [row[0] for row in differing])
        staged = _closed(
            Parts(run.register, content), found, indexes, {(row[0], row[1]): row[2] for row in differing}, decided
        )
        counts = Counter(run.counts) + Counter(keys=len(found))
        counts.update(merge(register=run.register_id, build_id=run.pk, at=now(), staged=staged, differing=differing))
        run.parts_done, run.counts, run.moved_at, run.state = (
            run.parts_done + 1,
            dict(counts),
            now(),
            Build.State.RUNNING,
        )
        run.save(update_fields=["parts_done", "counts", "moved_at", "state"])
    return True


def _decided(register: str, indexes: list[str]) -> dict[str, list[Conflict]]:
    """Decisions on records of this part, by key index."""
    held = Conflict.objects.filter(register=register, state=Conflict.State.DECIDED, record__key_index__in=indexes)
    found: dict[str, list[Conflict]] = {}
    for one in held.select_related("record").defer("record__values", "record__origins"):
        found.setdefault(one.record.key_index, []).append(one)
    return found


def _closed(
    parts: Parts,
    found: list[dict[str, Any]],
    indexes: dict[str, str],
    said: dict[tuple[str, str], str],
    decided: dict[str, list[Conflict]],
) -> Iterator[tuple[Any, ...]]:
    """Rows for the staging table: a decision that still holds is put in, then both documents are encrypted."""
    for row in found:
        index = indexes[row["key"]]
        values, origins = row["values"], row["origins"]
        if values is None:  # no source has it any more
            yield index, "", None, "", "", ""
            continue
        name = json.loads(row["search"]) if row["search"] else ""
        for one in decided.get(index, ()):
            if said.get((index, one.element)) != one.digest:
                continue
            settled = standing(
                json.loads(values),
                json.loads(origins),
                one.element,
                dataset=one.chosen["dataset"],
                value=one.chosen["value"],
            )
            if settled is not None:
                values, origins = (json.dumps(part, ensure_ascii=False) for part in settled)
        yield (
            index,
            blind_index(str(name)) if name else "",
            parts.of(str(name)),
            close(values),
            close(origins),
            blind_index(values + origins),
        )


__all__ = ["BUILD", "MACHINE", "MANAGE", "build", "build_now", "start_build", "start_due"]
