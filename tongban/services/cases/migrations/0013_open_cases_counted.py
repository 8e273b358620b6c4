"""What is open is counted every minute, so that pages of a busy city read a few rows instead of many cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_numbered_last")]

    operations = [
        migrations.CreateModel(
            name='OpenCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('department_id', models.UUIDField()),
                ('division', models.CharField(max_length=12)),
                ('item_code', models.CharField(max_length=120)),
                ('state', models.CharField(max_length=12)),
                ('lamp', models.CharField(max_length=6)),
                ('urgent_on', models.DateField()),
                ('is_free', models.BooleanField(help_text='nobody took them')),
                ('number', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='opencount',
            index=models.Index(fields=['department_id'], name='open_counts_of_department'),
        ),
    ]
