"""What has been rated is never changed or deleted, by whatever road one reaches the table."""

from django.db import migrations

TABLES = ("evaluation_rating", "evaluation_supplement")

FORBID = """
create function evaluation_never_changes() returns trigger language plpgsql as $$
begin
    raise exception 'a rating is never changed or deleted (%)', tg_op using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"create trigger never_changes before update or delete on {table} "
    "for each row execute function evaluation_never_changes();\n"
    for table in TABLES
)
ALLOW = "".join(f"drop trigger never_changes on {table};\n" for table in TABLES) + "drop function evaluation_never_changes();"


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
