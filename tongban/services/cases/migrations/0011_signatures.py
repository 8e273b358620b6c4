"""What persons signed about a case: written with it by the one statement of intake, and never changed, by whatever road."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import tongban.foundation.kernel.ids
import tongban.foundation.kernel.secrets

BY_RULES = import_module("tongban.services.cases.migrations.0008_by_rules")
INTAKE = BY_RULES.INTAKE.replace(BY_RULES.BEFORE, BY_RULES.FOUND + BY_RULES.BEFORE + BY_RULES.LICENCE)
AFTER_MATERIALS = "    insert into clocks_clock"
SIGNED = """    if p ? 'signatures' then
        insert into cases_signature select s.* from jsonb_populate_recordset(null::cases_signature, p -> 'signatures') s;
    end if;
"""
FORBID = """
create function cases_signed_for_ever() returns trigger language plpgsql as $$
begin
    raise exception 'what was signed is never changed or deleted (%)', tg_op using errcode = 'restrict_violation';
end $$;
create trigger signed_for_ever before update or delete on cases_signature
    for each row execute function cases_signed_for_ever();
"""
ALLOW = "drop trigger signed_for_ever on cases_signature; drop function cases_signed_for_ever();"


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_licences_for_materials")]

    operations = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongban.foundation.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(help_text="what he did, as on the time line", max_length=30)),
                (
                    "way",
                    models.CharField(
                        choices=[("own", "本人电子签名"), ("witness", "申请人在纸上签字，窗口见证")],
                        default="own",
                        max_length=7,
                    ),
                ),
                ("account_id", models.UUIDField(help_text="whose key signed")),
                ("for_account_id", models.UUIDField(help_text="whom a deputy acted for", null=True)),
                (
                    "step_id",
                    models.UUIDField(help_text="the desk's part of the flow it is the opinion of", null=True),
                ),
                ("signed_at", models.DateTimeField()),
                (
                    "digest",
                    models.CharField(help_text="SM3 of the text; the audit trail names it too", max_length=64),
                ),
                (
                    "text",
                    tongban.foundation.kernel.secrets.EncryptedTextField(help_text="canonical JSON, what was signed"),
                ),
                ("signatures", models.JSONField(help_text="list of {alg, kid, value}")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            Q(("way", "witness"), _negated=True),
                            Q(("for_account_id", None), ("verb", "submit")),
                            _connector="OR",
                        ),
                        name="witness_of_an_application",
                    )
                ],
                "indexes": [models.Index(fields=["case", "id"], name="signatures_of_case")],
            },
        ),
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunSQL(INTAKE.replace(AFTER_MATERIALS, SIGNED + AFTER_MATERIALS), migrations.RunSQL.noop),
    ]
