"""Which days are worked, and every limit that runs, with its ledger."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7

UNITS = {"1": "工作日", "2": "自然日"}


class HolidayNotice(models.Model):
    """One yearly notice on holidays and make-up days (放假调休通知) for a division; a corrected one is a new version."""

    division = models.CharField(max_length=12, help_text="000000000000 is the whole country")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "year", "version"], name="one_notice_per_version")]


class CalendarDay(models.Model):
    """A day on which a notice departs from the rule of the week."""

    notice = models.ForeignKey(HolidayNotice, models.CASCADE, related_name="days")
    date = models.DateField(help_text="may lie in the December before the notice's year")
    is_workday = models.BooleanField(help_text="a make-up day (调休上班); otherwise a holiday")
    name = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "date"], name="one_line_per_day")]


class Clock(models.Model):
    """One limit that runs for one subject. Its due days are reckoned from its terms and ledger, never typed in.

    Every column but the first ten has a default in the database, so that intake can insert a row by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=80, help_text="kind and id, such as case:0190…")
    kind = models.CharField(max_length=20, help_text="which of the subject's limits: acceptance, decision, delivery …")
    division = models.CharField(max_length=12, help_text="whose calendar holds")
    started_on = models.DateField(help_text="not counted itself")
    promise_days = models.PositiveSmallIntegerField()
    promise_unit = models.CharField(max_length=1, choices=UNITS, default="1", db_default="1")
    statutory_days = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=1, choices=UNITS, default="1", db_default="1")
    promise_due_on = models.DateField()
    statutory_due_on = models.DateField(null=True)
    certain = models.BooleanField(default=True, db_default=True, help_text="no year without a notice on the way")
    warn_on = models.DateField(help_text="first day of the warning lamp")
    yellow_on = models.DateField()
    red_on = models.DateField()
    calendar_stamp = models.CharField(max_length=16, help_text="the calendar it was reckoned by")
    paused_on = models.DateField(null=True, help_text="since when it stands still, if it does")
    pause_due_on = models.DateField(null=True, help_text="the last day of the longest stated pause")
    extension_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="one_clock_of_a_kind")]
        indexes = [
            models.Index(
                fields=["division", "calendar_stamp"], condition=models.Q(ended_on=None), name="running_clocks"
            ),
        ]


class ClockEntry(models.Model):
    """One line of a clock's ledger. Lines are added, never changed."""

    class What(models.TextChoices):
        SUSPENDED = "suspended", "暂停"
        RESUMED = "resumed", "恢复"
        EXTENDED = "extended", "延长"
        STOPPED = "stopped", "结束"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="entries")
    what = models.CharField(max_length=10, choices=What)
    on = models.DateField()
    days = models.PositiveSmallIntegerField(
        default=0, help_text="extended by, or the pause's stated length; working days"
    )
    pause = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="which suspension it ends")
    reason = models.CharField(max_length=200, blank=True)
    document_id = models.UUIDField(null=True, help_text="the letter that says so")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
