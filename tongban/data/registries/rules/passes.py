"""The one pass from the lake's datasets to a register's documents, as DuckDB's SQL. Compiled from a definition, never typed.

Temp tables: `joined` (dataset, row_key, key) and `renamed` (old_key, new_key) say what stewards have merged; `wanted` the keys to
be built; `documents` what comes of it, numbered by `n` in the order of their keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tongban.foundation.kernel.checked import good
from tongban.foundation.kernel.quoting import literal, quoted

from .definitions import Definition, columns_of, key_columns, sources_of

Tables = Mapping[str, str]  # dataset → its table in the lake, at the version that is meant
Keys = Mapping[str, Sequence[str]]  # dataset → its own key columns
MERGED = (
    "create or replace temp table joined (dataset varchar, row_key varchar, key varchar)",
    "create or replace temp table renamed (old_key varchar, new_key varchar)",
)


def row_key(keys: Sequence[str]) -> str:
    """A row's own key within its dataset, as one text."""
    return f"concat_ws(chr(31), {', '.join(f'cast({quoted(name)} as varchar)' for name in keys)})"


def keyed(content: Definition, source: Mapping[str, Any], table: str, keys: Sequence[str]) -> str:
    """The rows of a dataset with `_key`, the register's key of each: what a steward said, else its own if it is a good one."""
    # Of several columns, none without all.
    own = " || '|' || ".join(
        f"nullif(upper(trim(cast({quoted(name)} as varchar))), '')" for name in key_columns(source)
    )
    return (
        f"select coalesce(joined.key, renamed.new_key, case when {good(content['key'].get('check', ''), 't._own')} then t._own end) "
        f"as _key, t.* from (select *, {own} as _own, {row_key(keys)} as _row_key from {table}) as t "
        f"left join joined on joined.dataset = {literal(source['dataset'])} and joined.row_key = t._row_key "
        f"left join renamed on renamed.old_key = t._own"
    )


def all_keys(content: Definition, tables: Tables, keys: Keys) -> str:
    parts = [
        f"select _key from ({keyed(content, source, tables[name], keys[name])}) where _key is not null"
        for name, source in sources_of(content).items()
    ]
    return " union ".join(parts)


def sample_keys(content: Definition, tables: Tables, keys: Keys, *, most: int) -> str:
    """Some keys to try rules on, the same every time: those that most sources know first, for that is where rules matter."""
    parts = [
        f"select distinct _key from ({keyed(content, source, tables[name], keys[name])}) where _key is not null"
        for name, source in sources_of(content).items()
    ]
    return f"select _key from ({' union all '.join(parts)}) group by _key order by count(*) desc, hash(_key), _key limit {int(most)}"


def changed_keys(content: Definition, now: Tables, then: Tables, keys: Keys) -> str:
    """Keys of rows that are not as they were: new, changed, gone; and of those a replay made anew under the same number."""
    parts = []
    for name, source in sources_of(content).items():
        rows = "select _key, hash({0}) as said from ({1}) as r where _key is not null"
        sides = [rows.format("r", keyed(content, source, side[name], keys[name])) for side in (now, then)]
        parts += [
            f"select _key from ({sides[0]} except all {sides[1]})",
            f"select _key from ({sides[1]} except all {sides[0]})",
        ]
    return " union ".join(parts)


def wanted_of(parts: Sequence[str]) -> str:
    """The statement that says which keys are to be built."""
    return f"create or replace temp table wanted as select distinct _key from ({' union all '.join(parts)})"


def documents(content: Definition, tables: Tables, keys: Keys, *, day: str) -> list[str]:
    """Statements that make `documents` of the keys in `wanted`; `day` stands where a source does not say how old a value is."""
    sources = sources_of(content)
    numbers = {name: number for number, name in enumerate(sources, 1)}
    laid = [
        f"create or replace temp table source_{numbers[name]} as "
        f"select r.* from ({keyed(content, source, tables[name], keys[name])}) as r semi join wanted on wanted._key = r._key"
        for name, source in sources.items()
    ]
    said = [
        _said(content, element_no, rank, numbers[origin["dataset"]], origin, sources[origin["dataset"]])
        for element_no, element in enumerate(content["elements"], 1)
        for rank, origin in enumerate(element["from"], 1)
    ]
    newest = [no for no, element in enumerate(content["elements"], 1) if element.get("by") == "newest"]
    by_age = f"case when element in ({', '.join(map(str, newest))}) then as_of end" if newest else "null"
    return [
        *laid,
        f"create or replace temp table candidates as {' union all '.join(said)}",
        f"""create or replace temp table placed as select *, row_number() over ordered as place, first_value(value) over ordered as won
        from candidates window ordered as (partition by _key, element order by fit desc, {by_age} desc nulls last, rank,
        as_of desc nulls last, _batch desc, _row desc)""",
        _composed(content, list(sources.values()), day),
    ]


def _said(
    content: Definition, element: int, rank: int, number: int, origin: Mapping[str, Any], source: Mapping[str, Any]
) -> str:
    columns = columns_of(origin)
    texts = [f"nullif(trim(cast({quoted(column)} as varchar)), '')" for column in columns.values()]
    present = f"coalesce({', '.join(texts)}) is not null"
    is_key = content["elements"][element - 1]["name"] == content["key"]["name"]
    if is_key or "" in columns:
        own = "_key" if is_key else quoted(columns[""])
        value = f"cast(to_json({own}) as varchar)"
        fit = good(origin.get("check", ""), f"cast({own} as varchar)")
    else:
        parts = ", ".join(f"{literal(part)}, coalesce({text}, '')" for part, text in zip(columns, texts, strict=True))
        value, fit = f"cast(json_object({parts}) as varchar)", "true"
    as_of, since = origin.get("as_of") or source.get("as_of"), origin.get("since") or source.get("since")
    days = ", ".join(
        f"try_cast({quoted(column)} as date) as {name}" if column else f"cast(null as date) as {name}"
        for name, column in (("as_of", as_of), ("since", since))
    )
    return (
        f"select _key, {element} as element, {value} as value, {rank} as rank, {number} as source, {days}, _batch, _row, "
        f"coalesce({fit}, false) as fit from source_{number} where {present}"
    )


def _composed(content: Definition, sources: Sequence[Mapping[str, Any]], day: str) -> str:
    """One document a key. Texts are put together here: a JSON function for each piece would cost five times as much."""
    titles, datasets, names = (
        f"[{', '.join(literal(json.dumps(text, ensure_ascii=False)) for text in texts)}]"
        for texts in (
            [one["title"] for one in sources],
            [one["dataset"] for one in sources],
            [one["name"] for one in content["elements"]],
        )
    )
    elements = content["elements"]
    telling = ", ".join(str(no) for no, one in enumerate(elements, 1) if one.get("tells", True)) or "0"
    search = next((no for no, one in enumerate(elements, 1) if one["name"] == content.get("search")), 0)
    when = f"coalesce(cast(as_of as varchar), {literal(day)})"
    origin = (
        f'\'"dataset":\' || ({datasets})[source] || \',"batch":\' || _batch || \',"row":\' || _row || \',"since":"\' || '
        f"coalesce(cast(since as varchar), {when}) || '\"'"
    )
    loser = (
        f'\'{{"value":\' || value || \',"source":\' || ({titles})[source] || \',"as_of":"\' || {when} || \'","fit":\' || '
        f"case when fit then 'true' else 'false' end || ',' || {origin} || '}}'"
    )
    return f"""create or replace temp table documents as
    with one as (
      select _key, element,
        any_value(value) filter (place = 1) as value, bool_or(fit) filter (place = 1) as stands,
        any_value(({names})[element] || ':{{"value":' || value || ',"source":' || ({titles})[source] || ',"as_of":"' || {when} || '"}}')
          filter (place = 1) as told,
        any_value(({names})[element] || ':{{' || {origin}) filter (place = 1) as origin,
        string_agg({loser}, ',' order by place) filter (place > 1) as losers,
        bool_or(fit and value <> won) as differs,
        md5(string_agg(source || ':' || value, '|' order by source, value) filter (fit)) as said,
        list(distinct source) as sources
      from placed group by _key, element)
    select row_number() over (order by wanted._key) - 1 as n, wanted._key as key,
      '{{' || string_agg(told, ',' order by element) filter (stands) || '}}' as values,
      '{{' || string_agg(origin || ',"losers":[' || coalesce(losers, '') || ']}}', ',' order by element) filter (stands) || '}}' as origins,
      any_value(value) filter (element = {search} and stands) as search,
      list({{'element': element, 'said': said, 'sources': sources}} order by element)
        filter (stands and differs and element in ({telling})) as conflicts
    from wanted left join one on one._key = wanted._key group by wanted._key"""


def subjects(content: Definition, tables: Tables, keys: Keys) -> str:
    """What record linkage compares, over `placed` of all keys: each key once with what stands of it, and every row without a good key.

    Columns: `key` (null for such a row), `dataset`, `row_key`, and a text for each element in `content["link"]["compare"]`.
    """
    names = list(content["link"]["compare"])
    numbers = {one["name"]: number for number, one in enumerate(content["elements"], 1)}
    kept = ", ".join(
        f"any_value({_plain(content['elements'][numbers[name] - 1])}) filter (element = {numbers[name]} and place = 1 and fit) "
        f"as {quoted(name)}"
        for name in names
    )
    parts = [f"select _key as key, null as dataset, null as row_key, {kept} from placed group by _key"]
    for dataset, source in sources_of(content).items():
        columns = {
            element["name"]: columns_of(origin)
            for element in content["elements"]
            for origin in element["from"]
            if origin["dataset"] == dataset
        }
        said = ", ".join(f"{_text_of(columns.get(name))} as {quoted(name)}" for name in names)
        rows = keyed(content, source, tables[dataset], keys[dataset])
        parts.append(f"select null, {literal(dataset)}, _row_key, {said} from ({rows}) where _key is null")
    return " union all ".join(parts)


def _plain(element: Mapping[str, Any]) -> str:
    """A value of `candidates` as the text that `_text_of` makes of a row."""
    parts = [part for part in columns_of(element["from"][0]) if part]
    if not parts:
        return "trim(value, '\"')"
    return f"nullif(concat({', '.join(f'value ->> {literal(part)}' for part in parts)}), '')"


def _text_of(columns: Mapping[str, str] | None) -> str:
    if not columns:
        return "cast(null as varchar)"
    if "" in columns:
        return f"nullif(trim(cast({quoted(columns[''])} as varchar)), '')"
    return f"nullif(concat({', '.join(f'cast({quoted(column)} as varchar)' for column in columns.values())}), '')"
