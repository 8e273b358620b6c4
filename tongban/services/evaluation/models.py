"""How people rated the service they received. What has been rated is never changed, by anybody."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .rules import LOOP


class Rating(models.Model):
    """One applicant's rating of one closed case (一事一评). A trigger forbids changing or deleting it.

    Who rated is never stored beside the rating: the case belongs to one applicant, and one rating belongs to a case.
    Cases and departments are named by plain ids, as in the cases room: cases will be partitioned.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(unique=True, help_text="one rating a case")
    item_code = models.CharField(max_length=120)
    task_name = models.CharField(max_length=1000)
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    closed_on = models.DateField(help_text="the day the case was closed: a rating counts for that day")
    stars = models.PositiveSmallIntegerField(help_text="5 very satisfied … 1 very dissatisfied")
    reasons = ArrayField(models.CharField(max_length=10), default=list, help_text="national indicator codes")
    text = EncryptedTextField(blank=True)
    anonymous = models.BooleanField(default=False, help_text="the rated body is told neither case nor rater")
    way = models.CharField(
        max_length=10, default="1", help_text="评价渠道: 1 PC 2 mobile 3 QR 4 hall pad 6 phone 7 SMS"
    )
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_to_five_stars", condition=Q(stars__gte=1) & Q(stars__lte=5)),
        ]
        indexes = [
            models.Index(fields=["department_id", "closed_on"], include=["item_code", "stars"], name="ratings_figures"),
            models.Index(
                fields=["closed_on"], include=["department_id", "item_code", "stars"], name="ratings_of_a_day"
            ),
            models.Index(fields=["department_id", "-id"], name="ratings_bad", condition=Q(stars__lte=2)),
            models.Index(fields=["-id"], name="ratings_bad_anywhere", condition=Q(stars__lte=2)),
        ]


class DayFigures(models.Model):
    """Of what a department closed of one item on one day: how much, and how it was rated. Counted anew when that changes."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(help_text="the day of closing: a rating counts for that day")
    department_id = models.UUIDField()
    item_code = models.CharField(max_length=120)
    closed = models.PositiveIntegerField()
    stars_1 = models.PositiveIntegerField()
    stars_2 = models.PositiveIntegerField()
    stars_3 = models.PositiveIntegerField()
    stars_4 = models.PositiveIntegerField()
    stars_5 = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "department_id", "item_code"], name="one_line_of_figures")
        ]


class Supplement(models.Model):
    """The one thing an applicant may add to his rating later (追评). Never changed either."""

    rating = models.OneToOneField(Rating, models.PROTECT, primary_key=True, related_name="supplement")
    text = EncryptedTextField()
    added_at = models.DateTimeField()


class Rectification(models.Model):
    """What a bad rating sets going (差评整改): assigned at once to whoever handled the case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rating = models.OneToOneField(Rating, models.PROTECT, related_name="rectification")
    department_id = models.UUIDField()
    state = models.CharField(max_length=20, choices=[(state, state) for state in LOOP], default="assigned")
    assigned_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rectification_ends_last", condition=Q(closed_at=None) | Q(closed_at__gte=F("assigned_at"))
            )
        ]
        indexes = [
            models.Index(fields=["department_id", "state"], name="rectifications_open", condition=~Q(state="closed"))
        ]
