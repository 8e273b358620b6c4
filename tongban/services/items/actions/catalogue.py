"""Filling an empty installation: code tables, synonyms, definitions from a folder, the district's list."""

from __future__ import annotations

from pathlib import Path

from tongban.foundation.kernel.actors import installer

from .definitions import load_definition
from .listed import import_listed
from .tables import load_code_tables, load_synonyms


def load_catalogue(folder: Path, listed: Path | None = None) -> dict[str, int]:
    """Load everything, as set-up does; answers how much of each there was. May be repeated: changed definitions become new
    versions, corrections of listed rows stay."""
    actor = installer("items.manage")
    load_code_tables(actor)
    load_synonyms(actor)
    files = sorted(folder.glob("*.yaml"))
    for path in files:
        load_definition(actor, path.read_text(), as_new_version=True)
    rows = sum(import_listed(actor, listed).values()) if listed is not None and listed.exists() else 0
    return {"definitions": len(files), "listed": rows}
