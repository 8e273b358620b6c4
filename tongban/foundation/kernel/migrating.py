"""Operations of migrations that several rooms need."""

from django.db.migrations import RunSQL


def without_index(name: str, again: str) -> RunSQL:
    """Drop an index that nothing is found by; `again` is what it stood on, should it be wanted back. Not in a transaction.

    Django gives each unique text a second index for beginnings of it, and each foreign key one of its own. Every row written pays for both.
    """
    return RunSQL(
        f"drop index concurrently if exists {name}", f"create index concurrently if not exists {name} on {again}"
    )
