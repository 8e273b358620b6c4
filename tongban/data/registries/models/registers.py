"""A register is data: who keeps it, by which rules, and each time it was built."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField
from tongban.foundation.kernel.versions import DatedVersion


class Register(models.Model):
    """A base register (基础库)."""

    code = models.CharField(primary_key=True, max_length=20)
    title = models.CharField(max_length=100)
    personal = models.BooleanField(help_text="its key is a person's: found by a blind index alone")
    department = models.ForeignKey(
        "organisations.Department", models.PROTECT, related_name="+", help_text="who keeps it"
    )
    place = models.PositiveSmallIntegerField(default=0, help_text="order in lists")
    made_at = models.DateTimeField()


class Amendment(models.Model):
    """A register's title and keeper as one administrator wants them and another agrees to. Its code, its key and whether it names
    persons never change."""

    class State(models.TextChoices):
        IN_REVIEW = "in_review", _("待审核")
        AGREED = "agreed", _("已生效")
        TURNED_DOWN = "refused", _("未同意")
        TAKEN_BACK = "back", _("已撤回")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.ForeignKey(Register, models.CASCADE, related_name="amendments")
    title_before = models.CharField(max_length=100)
    title = models.CharField(max_length=100)
    department_before = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=9, choices=State.choices, default=State.IN_REVIEW)
    asked_by = models.UUIDField(null=True, help_text="account")
    asked_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True, help_text="account; never who asked, unless it was taken back")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, help_text="why not")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register"], condition=Q(state="in_review"), name="one_open_amendment_a_register"
            )
        ]


class Ruling(DatedVersion):
    """One version of a register's rules of one source (`rules/definitions.py`): drafted by one, published by another."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="rulings")
    note = models.CharField(max_length=300, blank=True, help_text="what is different and why")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "version"], name="one_ruling_a_version")]


class Build(models.Model):
    """One time a register was built, from one version of the lake: part by part, each in one commit with its number."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="builds")
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="+")
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", help_text="what has changed since this one"
    )
    whole = models.BooleanField(help_text="every key, not only those whose rows changed")
    version = models.BigIntegerField(help_text="the lake's version it reads")
    extra = EncryptedJSONField(default=list, help_text="keys to build though their rows are as they were")
    keys_a_part = models.PositiveIntegerField(default=20_000)
    parts_done = models.PositiveIntegerField(default=0)
    expected = models.PositiveBigIntegerField(null=True, help_text="keys to build")
    counts = models.JSONField(default=dict, help_text="keys, added, changed, same, gone, conflicts")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    fault = models.CharField(max_length=60, blank=True, help_text="code of what stopped it")
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register"], condition=Q(ended_at=None), name="one_open_build_a_register")
        ]

    @property
    def percent(self) -> int | None:
        """How much of it is in; None: not known yet."""
        return min(100, 100 * self.counts.get("keys", 0) // self.expected) if self.expected else None
