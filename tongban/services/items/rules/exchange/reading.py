"""A workbook or a JSON document as definitions, with every cell that could not be understood and where each element stood."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.foundation.kernel.unseen import UNSEEN
from tongban.foundation.kernel.workbook import Book, Damaged, Grid, Note, Unusable, cell_name

from .cells import Column, Misread, Words, plain
from .columns import COLUMNS_OF, ELEMENTS, LINK, OWN_SHEETS, ROWS, TEMPLATE, TEMPLATE_COLUMNS
from .grouped import Numbered, groups_of, stages_of, tree_of
from .template import told_lists
from .writing import summaries

HEAD_LINES = 12  # a title and notes may stand above the headings
LEAST_HEADINGS = 5
MOST_ITEMS = 10_000
DEEPEST = 60
EMPTY_KINDS: dict[str, list[Any]] = {"codes": [], "lines": []}


@dataclass(frozen=True)
class Problem:
    """Something about one place: `stop` keeps the row out, else it is only told. `title` is the column's heading."""

    code: str
    place: str
    title: str = ""
    word: str = ""
    stop: bool = True


@dataclass
class Read:
    """One item as the file has it. `whole`: what it does not say is empty; else what it does not say stays as it is."""

    place: str
    content: dict[str, Any]
    whole: bool = True
    problems: list[Problem] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.content.get("task_name", ""))[:300]

    def place_of(self, path: str) -> str:
        """The cell an element came from: its own, that of what it is part of, or the row's."""
        steps = path.split(".")
        for length in range(len(steps), 0, -1):
            if found := self.cells.get(".".join(steps[:length])):
                return found
        return self.place


@dataclass
class _Sheet:
    """A sheet whose headings are known: which column stands where, and its lines by the item they are of."""

    name: str
    columns: dict[int, Column]
    lines: list[tuple[int, list[Any]]]
    by_item: dict[str, Numbered] = field(default_factory=dict)


def read_book(book: Book, words: Words) -> tuple[list[Read], list[Note]]:
    """The items of a workbook and what should be told of the file as a whole. Raises `Unusable` when it has no template."""
    sheets = {found.name: found for grid in book.sheets if (found := _known(grid))}
    if TEMPLATE not in sheets:
        raise Unusable("no_template", "、".join(grid.name for grid in book.sheets))
    template = sheets.pop(TEMPLATE)
    if len(template.lines) > MOST_ITEMS:
        raise Unusable("too_many_items", len(template.lines))
    known = {grid.name for grid in book.sheets if _known(grid)}
    notes = [
        *book.notes,
        *(Note("sheet_unknown", grid.name, 1) for grid in book.sheets if grid.lines and grid.name not in known),
    ]
    links = {plain(value) for _, cells in template.lines for value in [_linked(template, cells)] if value}
    reads = [_template_read(template, number, cells, words, "要素" in sheets) for number, cells in template.lines]
    by_code = {read.content["code"]: read for read in reads if read.content.get("code")}
    orphans: list[Read] = []
    for sheet in sheets.values():
        orphans += _sort_out(sheet, links, by_code, words)
    for read in reads:
        _fill(read, sheets)
        _compare(read, words)
    return reads + orphans, notes


def _known(grid: Grid) -> _Sheet | None:
    """The sheet by its headings: our own by name and headings, the template by its headings whatever its name is."""
    if grid.name in OWN_SHEETS:
        return _headed(grid, grid.name, COLUMNS_OF[grid.name], 2)
    return _headed(grid, TEMPLATE, TEMPLATE_COLUMNS, LEAST_HEADINGS)


def _headed(grid: Grid, name: str, columns: tuple[Column, ...], least: int) -> _Sheet | None:
    names = {alias: column for column in columns for alias in (column.title, *column.aliases)}
    for place, (_, cells) in enumerate(grid.lines[:HEAD_LINES]):
        found: dict[int, Column] = {}
        for number, cell in enumerate(cells):
            column = names.get(_heading(cell, names))
            if column is not None and column not in found.values():
                found[number] = column
        if len(found) >= least:
            rest = grid.lines[place + 1 :]
            if rest and _repeats_headings(rest[0][1], names):
                rest = rest[1:]  # the template writes its headings twice: keys, then names
            return _Sheet(name, found, rest)
    return None


def _heading(cell: Any, names: Mapping[str, Column]) -> str:
    text = plain(cell) if not isinstance(cell, Damaged) else ""
    return text if text in names else text.rpartition("/")[2].strip()


def _repeats_headings(cells: list[Any], names: Mapping[str, Column]) -> bool:
    said = [plain(cell) for cell in cells if not isinstance(cell, Damaged) and cell not in (None, "")]
    return len(said) > 1 and all(word in names for word in said)


def _linked(sheet: _Sheet, cells: list[Any]) -> Any:
    number = next((number for number, column in sheet.columns.items() if column.path == "code"), None)
    value = cells[number] if number is not None and number < len(cells) else None
    return None if isinstance(value, Damaged) else value


def _cells(
    sheet: _Sheet, number: int, cells: list[Any], words: Words, problems: list[Problem]
) -> Iterable[tuple[Column, Any, str]]:
    """Each cell that says something: its column, what it means, where it stands. What it cannot mean is a problem."""
    for place, column in sheet.columns.items():
        value = cells[place] if place < len(cells) else None
        name = cell_name(sheet.name, place, number)
        if isinstance(value, Damaged):
            problems.append(Problem(value.code, name, column.label, value.word))
        elif plain(value) and column.path:
            try:
                yield (
                    column,
                    words.read(column.kind, UNSEEN.sub("", value) if isinstance(value, str) else value),
                    name,
                )
            except Misread as fault:
                problems.append(Problem(fault.code, name, column.label, fault.word))
            if isinstance(value, int | float) and not isinstance(value, bool) and column.path in NUMBERED:
                problems.append(Problem("number_as_text", name, column.label, plain(value), stop=False))


# Text that a spreadsheet program likes to take for a number, and so rob of its first noughts.
NUMBERED = {"catalog_code", "code", "consult_phone", "complaint_phone", "task_code"}


def _template_read(sheet: _Sheet, number: int, cells: list[Any], words: Words, whole: bool) -> Read:
    read = Read(f"{sheet.name}!{number}", {}, whole)
    for column, value, name in _cells(sheet, number, cells, words, read.problems):
        if column.path == "catalog_code" and value.isdigit():
            value = value.zfill(12)
        read.content[column.path] = value
        read.cells[column.path] = name
    told = {
        column.kind: (cells[place], cell_name(sheet.name, place, number))
        for place, column in sheet.columns.items()
        if not column.path
        and place < len(cells)
        and cells[place] not in (None, "")
        and not isinstance(cells[place], Damaged)
    }
    read.cells |= {f"told.{kind}": name for kind, (_, name) in told.items()}
    if whole:
        read.content["told"] = {kind: plain(value) for kind, (value, _) in told.items()}
        for column in TEMPLATE_COLUMNS:
            _leave_empty(read.content, column)
        return read
    lists, doubts = told_lists({kind: value for kind, (value, _) in told.items()}, words)
    read.content |= lists
    read.problems += [Problem(code, told[kind][1], stop=False) for kind, code in doubts]
    if "department" not in read.content and "publisher" in told:
        read.content["department"] = plain(told["publisher"][0])
    return read


def _leave_empty(content: dict[str, Any], column: Column) -> None:
    """A list nobody filled in is an empty list, where the whole item is told."""
    kind = column.kind.partition(":")[0]
    if column.path and kind in EMPTY_KINDS and column.path != "accept_conditions":
        content.setdefault(column.path, list(EMPTY_KINDS[kind]))
    elif column.kind == "topics":
        content.setdefault("topics", {})


def _sort_out(sheet: _Sheet, links: set[str], by_code: Mapping[str, Read], words: Words) -> list[Read]:
    """Read a further sheet's lines and put each with its item; answers what belongs to no item of the file."""
    lost: dict[str, Read] = {}
    for number, cells in sheet.lines:
        code = plain(_linked(sheet, cells))
        if code not in links:
            if any(plain(cell) for cell in cells if not isinstance(cell, Damaged)):
                place = f"{sheet.name}!{number}"
                lost.setdefault(code, Read(place, {})).problems.append(Problem("no_such_item", place, LINK.title, code))
            continue
        row: dict[str, Any] = {}
        read = by_code[code]
        for column, value, name in _cells(sheet, number, cells, words, read.problems):
            row[column.path] = value
            row.setdefault(" cells", {})[column.path] = name
        sheet.by_item.setdefault(code, []).append((number, row))
    return list(lost.values())


def _fill(read: Read, sheets: Mapping[str, _Sheet]) -> None:
    """Put what the further sheets say of an item into its definition."""
    code = read.content.get("code", "")
    if not read.whole and not any(code in sheet.by_item for sheet in sheets.values()):
        return
    for name, sheet in sheets.items():
        rows = sheet.by_item.get(code, [])
        try:
            _fill_from(read, name, rows)
        except Misread as fault:
            number = rows[0][0] if rows else 0
            read.problems.append(Problem(fault.code, f"{name}!{number}", "", fault.word))
    form = read.content.get("form")
    if isinstance(form, dict) and "表单" in sheets:
        try:
            fields, checks = sheets["表单"].by_item.get(code, []), _rows(sheets, "表单核对", code)
            groups, of_form = groups_of(_bare(fields), _bare(checks))
            form["groups"] = groups
            if of_form:
                form["checks"] = of_form
        except Misread as fault:
            read.problems.append(Problem(fault.code, "表单核对", "", fault.word))


def _rows(sheets: Mapping[str, _Sheet], name: str, code: str) -> Numbered:
    return sheets[name].by_item.get(code, []) if name in sheets else []


def _bare(rows: Numbered) -> Numbered:
    return [
        (number, {path: value for path, value in row.items() if path not in (" cells", "code")}) for number, row in rows
    ]


def _fill_from(read: Read, name: str, rows: Numbered) -> None:
    content = read.content
    read.cells.setdefault(SHEET_ELEMENT.get(name, ""), name)
    if name == "要素":
        for number, row in rows[:1]:
            _elements(read, row, number)
        if len(rows) > 1:
            read.problems.append(Problem("item_twice", f"要素!{rows[1][0]}", LINK.title, content.get("code", "")))
    elif name in ROWS:
        element, _ = ROWS[name]
        content[element] = [
            _listed(read, element, place, row, name, number) for place, (number, row) in enumerate(rows)
        ]
    elif name == "情形":
        content["situations"] = tree_of(_bare(rows))
    elif name == "流程":
        content.setdefault("flow", {})["stages"] = stages_of(_bare(rows))


SHEET_ELEMENT = {"情形": "situations", "表单": "form", "流程": "flow", "要素": "letters"}


def _elements(read: Read, row: dict[str, Any], number: int) -> None:
    cells = row.pop(" cells", {})
    rest = row.pop("rest", {})
    if not isinstance(rest, dict):
        read.problems.append(Problem("not_json", cells.get("rest", ""), "其余内容", plain(rest)))
        rest = {}
    for column in ELEMENTS:
        if column.path in row:
            put(read.content, column.path, row[column.path])
            read.cells[column.path] = cells[column.path]
        else:
            _leave_empty(read.content, column)
    for name, value in rest.items():
        if isinstance(value, dict) and isinstance(read.content.get(name, {}), dict):
            read.content.setdefault(name, {}).update(value)
        else:
            read.content.setdefault(name, value)
    read.cells.setdefault("rest", f"要素!{number}")


def _listed(read: Read, element: str, place: int, row: dict[str, Any], sheet: str, number: int) -> dict[str, Any]:
    """One row of a list, and where each of its elements stands, found by its place and by its key."""
    cells = row.get(" cells", {})
    entry: dict[str, Any] = {}
    for path, value in row.items():
        if path == "rest" and isinstance(value, dict):
            entry |= value
        elif path not in (" cells", "code", "rest"):
            put(entry, path, value)
    for mark in filter(None, (str(place), str(entry.get("key", "")))):
        read.cells[f"{element}.{mark}"] = f"{sheet}!{number}"
        read.cells |= {f"{element}.{mark}.{path}": name for path, name in cells.items()}
    return entry


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Write an element at a dotted path, making what is around it."""
    *around, last = path.split(".")
    for step in around:
        content = content.setdefault(step, {})
    content[last] = value


def _compare(read: Read, words: Words) -> None:
    """Tell where the template's running text differs from the sheet that goes before it."""
    told = read.content.pop("told", {})
    try:
        now = summaries(read.content, words)
    except (KeyError, TypeError, AttributeError):
        return  # incomplete: the findings say so
    for kind, text in told.items():
        if kind in COMPARED and plain(now[kind]) != text:
            read.problems.append(
                Problem("summary_differs", read.cells.get(f"told.{kind}", read.place), "", COMPARED[kind], stop=False)
            )


COMPARED = {"basis": "设定依据", "materials": "材料", "charges": "收费", "result_names": "结果", "stages": "流程",
            "addresses": "办理地点"}  # fmt: skip


def read_json(data: bytes) -> list[Read]:
    """The items of a JSON document: ours, a list of definitions, or one. Raises `Unusable` when it is none of these."""
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Unusable("not_utf8") from None
    except json.JSONDecodeError as fault:
        raise Unusable("not_json", fault.lineno) from None
    except RecursionError:
        raise Unusable("too_deep") from None
    except Unusable:
        raise
    except ValueError:  # a number of thousands of digits
        raise Unusable("not_json", 1) from None
    items = document.get("items", [document]) if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise Unusable("no_items")
    if len(items) > MOST_ITEMS:
        raise Unusable("too_many_items", len(items))
    return [_json_read(place, item) for place, item in enumerate(items, start=1)]


def _json_read(place: int, item: Any) -> Read:
    name = f"items[{place}]"
    if not isinstance(item, dict):
        return Read(name, {}, problems=[Problem("not_an_item", name, "", str(item)[:40])])
    content = clean(item)
    content.pop("dept_code", None)  # follows from the department
    return Read(name, content, whole=True, cells={path: f"{name}.{path}" for path in content})


def _no_constant(word: str) -> None:
    raise Unusable("no_json_value", word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusable(
            "repeated_key", next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        )
    return found


def clean(value: Any, depth: int = 0) -> Any:
    """A value without the characters no text of ours may hold. `Unusable` when it is nested beyond all sense."""
    if depth > DEEPEST:
        raise Unusable("too_deep")
    if isinstance(value, dict):
        return {clean(key, depth): clean(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner, depth + 1) for inner in value]
    return (
        UNSEEN.sub("", value.replace("\x00", "")).encode("utf-8", "ignore").decode()
        if isinstance(value, str)
        else value
    )
