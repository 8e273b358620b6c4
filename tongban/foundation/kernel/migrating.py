"""Operations of migrations that several rooms need."""

from django.db.migrations import RunSQL


def without_index(name: str, again: str) -> RunSQL:
    """Drop an index that nothing is found by; `again` is what it stood on, should it be wanted back. Not in a transaction.

    Django gives each unique text a second index for beginnings of it, and each foreign key one of its own. Every row written pays for both.
    """
    return RunSQL(
        f"drop index concurrently if exists {name}", f"create index concurrently if not exists {name} on {again}"
    )


# Of a table with millions of rows a fifth is too much to wait for; a table that is counted over and over is small and always busy.
OFTEN = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.01"
)
AS_IT_GROWS = f"{OFTEN}, autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 10000"


def vacuumed(table: str, when: str) -> RunSQL:
    """When a table is cleaned by itself. Others read and write meanwhile: it locks against nothing but other changes of the table."""
    names = ", ".join(setting.partition("=")[0].strip() for setting in when.split(","))
    return RunSQL(f"alter table {table} set ({when})", f"alter table {table} reset ({names})")
