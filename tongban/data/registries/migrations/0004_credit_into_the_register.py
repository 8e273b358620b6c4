"""What was delivered of credit becomes records of the register 信用库, found by the number they are about. The old table goes with the next
release; only what names it goes now."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from tongban.foundation.kernel.secrets import blind_index


def move(apps: Any, _editor: Any) -> None:
    old, record = apps.get_model("registries", "CreditRecord"), apps.get_model("registries", "Record")
    state = apps.get_model("registries", "RegisterState").objects.filter(name="credit").first()
    for one in old.objects.iterator(chunk_size=500):
        for place, mark in enumerate(one.marks):
            key = f"{one.number_index}:{place}"
            source = {"source": state.source if state else "", "as_of": state.as_of.isoformat() if state else "1970-01-01"}
            values = {name: {"value": said, **source} for name, said in mark.items() if said}
            record.objects.get_or_create(
                register="credit",
                key_index=blind_index(key),
                defaults={"name_index": one.number_index, "values": values, "known_at": None},
            )


class Migration(migrations.Migration):
    dependencies = [("registries", "0003_base_registers")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CreditRecord")]),
    ]
