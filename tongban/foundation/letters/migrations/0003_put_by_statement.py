"""Letters numbered and written inside another room's statement, for the path on which thousands may come at once."""

from django.db import migrations, models

# The twin of `actions.issuing`: the series' row is locked until the transaction ends, so numbers have no gaps.
PUT = """
create function letters_put(rows jsonb, about text) returns text language plpgsql as $$
declare
    one jsonb;
    this letters_letter;
begin
    for one in select * from jsonb_array_elements(rows) loop
        this := jsonb_populate_record(null::letters_letter, one);
        insert into letters_letterseries as s (department_id, word, year, last)
            values (this.department_id, this.word, this.year, 1)
            on conflict (department_id, word, year) do update set last = s.last + 1 returning last into this.serial;
        this.number := this.word || '字〔' || this.year || '〕第' || this.serial || '号';
        this.project_no := about;
        insert into letters_letter select this.*;
    end loop;
    return this.number;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_own_templates")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="project_no",
            field=models.CharField(blank=True, default="", help_text="办件编号, where it was not known before", max_length=60),
            preserve_default=False,
        ),
        migrations.RunSQL(PUT, "drop function letters_put(jsonb, text)"),
    ]
