"""Every filter of a list, and what an applicant has under way, is found by an index in the order of that list.

Made and dropped without holding up anybody who writes (CONCURRENTLY), so not in one transaction.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0013_open_cases_counted")]

    operations = [
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(fields=['applicant_id', 'item_code', '-id'], name='cases_of_applicant_item'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['department_id', 'lamp', 'urgent_on', 'id'], include=('state', 'item_code', 'division', 'holder_account_id'), name='cases_open_lamps'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['lamp', 'urgent_on', 'id'], name='cases_open_lamps_citywide'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['department_id', 'state', 'urgent_on', 'id'], name='cases_open_states'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['item_code', 'urgent_on', 'id'], name='cases_open_items'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('holder_account_id__isnull', False), ('is_open', True)), fields=['holder_account_id', 'urgent_on', 'id'], name='cases_open_held'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['applicant_id', '-id'], name='cases_open_of_applicant'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', False)), fields=['item_code', 'urgent_on', 'id'], name='cases_closed_items'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', False)), fields=['department_id', 'result', 'urgent_on', 'id'], name='cases_closed_results'),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["department_id", "is_open", "applicant_name"],
                name="cases_by_name_of_department",
                opclasses=["uuid_ops", "bool_ops", "varchar_pattern_ops"],
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["is_open", "applicant_name"],
                name="cases_by_name_citywide",
                opclasses=["bool_ops", "varchar_pattern_ops"],
            ),
        ),
        RemoveIndexConcurrently("case", "cases_by_name"),
        RemoveIndexConcurrently("case", "cases_lamps"),
    ]
