"""What two indexes found, one finds: each case is written with nine entries fewer. Without holding up anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q
from django.db.migrations import AlterField, RunSQL, SeparateDatabaseAndState

from tongban.foundation.kernel.migrating import without_index


def of_case(model: str, related: str, index: str) -> SeparateDatabaseAndState:
    """An index that begins with the case is there already."""
    key = models.ForeignKey("cases.case", models.CASCADE, related_name=related, db_index=False)
    return SeparateDatabaseAndState(
        database_operations=[without_index(index, f"cases_{model} (case_id)")],
        state_operations=[AlterField(model, "case", key)],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0017_worklists_of_one_department")]

    operations = [
        of_case("caseevent", "events", "cases_caseevent_case_id_6c6031ac"),
        of_case("casematerial", "materials", "cases_casematerial_case_id_66fd4cfb"),
        of_case("casestep", "steps", "cases_casestep_case_id_70bbe3b6"),
        AddIndexConcurrently(
            "casestep", models.Index(fields=["asking"], condition=Q(asking__isnull=False), name="steps_of_askings")
        ),
        SeparateDatabaseAndState(
            database_operations=[
                without_index("cases_casestep_asking_id_c8b7870a", "cases_casestep (asking_id)"),
            ],
            state_operations=[
                AlterField(
                    "casestep",
                    "asking",
                    models.ForeignKey(
                        "cases.asking", models.CASCADE, null=True, related_name="steps", db_index=False, help_text="会签, 加签"
                    ),
                ),
            ],
        ),
        # A number is unique, and found by its beginning, by one and the same index.
        SeparateDatabaseAndState(
            database_operations=[
                RunSQL(
                    "create unique index concurrently if not exists one_case_per_number on cases_case (project_no varchar_pattern_ops)",
                    "drop index concurrently if exists one_case_per_number",
                ),
                RunSQL(
                    "alter table cases_case drop constraint if exists cases_case_project_no_key",
                    "alter table cases_case add constraint cases_case_project_no_key unique (project_no)",
                ),
                without_index("cases_case_project_no_70ebb9b1_like", "cases_case (project_no varchar_pattern_ops)"),
            ],
            state_operations=[
                AlterField("case", "project_no", models.CharField(max_length=60, help_text="办件编号")),
                migrations.AddConstraint(
                    "case",
                    models.UniqueConstraint(
                        fields=["project_no"], opclasses=["varchar_pattern_ops"], name="one_case_per_number"
                    ),
                ),
            ],
        ),
        without_index("cases_intakekey_fingerprint_16b58370_like", "cases_intakekey (fingerprint varchar_pattern_ops)"),
    ]
