"""What one body needs of another's data (需求清单)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7

from .entries import Entry


class Demand(models.Model):
    """A need for data: matched to a resource of the catalogue, or waiting for one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待匹配")
        MATCHED = "matched", _("已匹配")
        CLOSED = "closed", _("已结束")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    use = models.CharField(max_length=300, help_text="the service item or the case of use")
    fields = models.CharField(max_length=1000, help_text="the data items needed")
    basis = models.CharField(max_length=300, help_text="legal basis, by clause")
    cycle = models.CharField(max_length=20, help_text="how fresh it has to be, a code of `cycle`")
    needed_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    resource = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    asked_by = models.UUIDField(null=True, help_text="account")
    asked_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True, help_text="account")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="matched") | Q(resource__isnull=False), name="matched_demand_has_a_resource"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="demands_by_state")]
