"""Names and texts as SQL writes them, where a statement must be put together: DuckDB takes no parameter for a table or a file."""

from __future__ import annotations


def quoted(name: str) -> str:
    """A name of a table or column, whatever signs it has: sources name theirs as they like."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text."""
    return "'" + text.replace("'", "''") + "'"
