"""Divisions as they were called from one day to another, their boundaries, and standard addresses with their places on the map."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7


class DivisionSpan(models.Model):
    """A division under one name and one parent: true from `valid_from` until `valid_to`, known here since `known_at`."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12, help_text="as the code set has it: 2, 4, 6, 9 or 12 digits")
    name = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(help_text="1 province 2 city 3 county 4 township 5 village")
    parent = models.CharField(max_length=12, blank=True)
    children = models.PositiveIntegerField(default=0, db_default=0, help_text="right below it")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day on which it no longer holds")
    known_at = models.DateTimeField()
    end_known_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(help_text="of the code set that brought it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="one_open_division_a_code")
        ]
        indexes = [
            models.Index(fields=["parent", "code"], condition=Q(valid_to=None), name="divisions_below"),
            models.Index(fields=["code", "valid_from"], name="divisions_by_code"),
            models.Index(
                fields=["name", "code"],
                opclasses=["varchar_pattern_ops", "varchar_ops"],
                condition=Q(valid_to=None),
                name="divisions_by_name",
            ),
        ]


class Takeover(models.Model):
    """One time the divisions were taken over from a version of the code set; while it lasts, how far it is."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        GIVEN_UP = "given_up", _("已放弃")

    class Step(models.TextChoices):
        READING = "reading", _("读取代码集")
        COMPARING = "comparing", _("同现在的比较")
        WRITING = "writing", _("写入新的区划")
        COUNTING = "counting", _("数下一级有多少")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(help_text="of the code set")
    version_id = models.UUIDField()
    effective_on = models.DateField()
    expected = models.PositiveIntegerField(help_text="divisions")
    step = models.CharField(max_length=9, choices=Step.choices, default=Step.READING, blank=True)
    rows = models.PositiveIntegerField(default=0, help_text="divisions of this step that are done")
    counts = models.JSONField(default=dict, help_text="divisions, ended, added")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    fault = models.CharField(max_length=60, blank=True, help_text="code of what stopped it")
    began_by = models.UUIDField(null=True, help_text="account")
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(ended_at=None), name="one_open_takeover"),
        ]

    @property
    def percent(self) -> int:
        """How far it is: half of it is reading, half writing."""
        before = 0 if self.step == self.Step.READING else self.expected
        return min(100, 50 * (before + self.rows) // max(1, self.expected))


class Boundary(models.Model):
    """A division's outline on the ground in CGCS2000 (EPSG:4490), from a day on; the last one brought holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12)
    geometry = models.JSONField(help_text="GeoJSON, longitude before latitude")
    outline = models.JSONField(help_text="the same with fewer points, to be drawn")
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    points = models.PositiveIntegerField()
    area_km2 = models.FloatField()
    crs = models.CharField(max_length=20, help_text="the system the file was in")
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, help_text="on what terms it may be used and shown")
    valid_from = models.DateField()
    known_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, help_text="when another took its place, or it was taken back")
    replaced = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    brought_by = models.UUIDField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(until_at=None), name="one_boundary_in_use_a_code")
        ]
        indexes = [models.Index(fields=["code", "known_at"], name="boundaries_by_code")]


class Address(models.Model):
    """A standard address as the address register says today, laid out to be searched and drawn. Made from the register alone."""

    code = models.CharField(max_length=40, primary_key=True)
    record_id = models.UUIDField(
        help_text="the register's record: where each value came from, what lost, and what was before"
    )
    division = models.CharField(max_length=12, help_text="of the village or community, else of what is known")
    road = models.CharField(max_length=60, blank=True)
    former = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="what the road was called before"
    )
    number = models.CharField(max_length=20, blank=True)
    building = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=20, blank=True)
    estate = models.CharField(max_length=60, blank=True, help_text="name of a compound or a village group")
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=10, help_text="in_use, ended, or gone: no source has it any more")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    known_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["division", "code"], name="addresses_by_division"),
            models.Index(fields=["road", "number", "code"], name="addresses_by_door"),
            models.Index(
                fields=["road", "code"], opclasses=["varchar_pattern_ops", "varchar_ops"], name="addresses_by_road"
            ),
            models.Index(fields=["former", "number"], name="addresses_by_former_road", condition=~Q(former="")),
            models.Index(fields=["estate", "number"], name="addresses_by_estate", condition=~Q(estate="")),
            models.Index(fields=["known_at"], name="addresses_by_moment"),
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="addresses_on_the_map"),
        ]
