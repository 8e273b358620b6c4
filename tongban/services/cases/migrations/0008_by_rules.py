"""What rules found is written with the case, and the licence they granted (`decisions_record` refuses when halted or full)."""

from importlib import import_module

from django.db import migrations

INTAKE = import_module("tongban.services.cases.migrations.0007_decided_at_once").INTAKE
BEFORE = "    if p ? 'decision' then\n"
FOUND = """    if p ? 'decided' then
        perform decisions_record(p -> 'decided', this.id);
    end if;
"""
LICENCE = """        insert into licences_licence select l.* from jsonb_populate_recordset(null::licences_licence, p -> 'licences') l;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_decided_at_once"),
        ("decisions", "0002_recording"),
        ("licences", "0002_serials"),
    ]

    operations = [
        migrations.RunSQL(
            INTAKE.replace(BEFORE, FOUND + BEFORE + LICENCE),
            migrations.RunSQL.noop,
        ),
    ]
