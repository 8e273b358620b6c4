"""Where data come from, how they are fetched, and each time they were."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField

WORKED = ("name", "source", "kind", "required", "check", "codes", "asked", "steps")


def worked(columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What of columns the lake works by."""
    return [{name: one[name] for name in WORKED if name in one} for one in columns]


class Source(models.Model):
    """A department's database or folder of files, and how it is reached."""

    class Kind(models.TextChoices):
        POSTGRESQL = "postgresql", "PostgreSQL"
        MYSQL = "mysql", "MySQL / MariaDB"
        SQLITE = "sqlite", "SQLite"
        FILES = "files", _("文件（CSV、XLSX、JSON、Parquet）")
        SFTP = "sftp", _("SFTP 服务器上的文件")
        S3 = "s3", _("对象存储（S3）里的文件")
        API = "api", _("接口（HTTP，JSON）")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    department = models.ForeignKey(
        "organisations.Department", models.PROTECT, related_name="+", help_text="whose data they are"
    )
    system_id = models.UUIDField(null=True, help_text="the system of the catalogue that it belongs to")
    place = models.JSONField(help_text="host, port, database, or folder: nothing secret")
    secret = EncryptedJSONField(default=dict, help_text="user, password")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text="when it last answered")

    @property
    def has_rejects(self) -> bool:
        """Whether something in it can be no row at all; it is kept beside the rows then. A database has rows and nothing else."""
        return self.is_files or self.kind == self.Kind.API

    @property
    def is_files(self) -> bool:
        """Whether its tables are files, wherever they lie."""
        return self.kind in (self.Kind.FILES, self.Kind.SFTP, self.Kind.S3)


class Job(models.Model):
    """One table or file of a source, into one dataset of the lake, again and again (归集任务)."""

    class State(models.TextChoices):
        ACTIVE = "active", _("启用")
        PAUSED = "paused", _("停用")
        ASKING = "asking", _("表结构有变，待确认")

    class Every(models.TextChoices):
        HOUR = "hour", _("每小时")
        DAY = "day", _("每天")
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")

    class Takes(models.TextChoices):
        """Of the files that fit a pattern."""

        NEWEST = "newest", _("只读最新的一个，它就是全部")
        ALL = "all", _("全部文件合起来是全部")
        NEW = "new", _("只读新的和改过的文件")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="jobs")
    dataset_id = models.UUIDField(unique=True)
    resource_id = models.UUIDField(null=True, help_text="the resource of the catalogue it fills")
    title = models.CharField(max_length=200)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    table = models.CharField(max_length=300, help_text="table with its schema, file name, or a pattern of file names")
    takes = models.CharField(
        max_length=6, choices=Takes.choices, default="", db_default="", help_text="of a pattern: which files come"
    )
    columns = models.JSONField(
        help_text="list of {name, source, kind, required, check, codes, asked, steps}, as a work of the lake has them; "
        "title and item as the catalogue has them, code_set as the standards have it"
    )
    keys = models.JSONField(help_text="names of the dataset's key columns")
    cursor = models.CharField(
        max_length=200, blank=True, help_text="source column that only grows; empty: whole readings"
    )
    shape = models.JSONField(help_text="columns of the source as agreed on: name → type")
    changes = models.JSONField(default=list, help_text="what was found changed and waits for a decision")
    rows_a_part = models.PositiveIntegerField(default=100_000)
    rows_a_second = models.PositiveIntegerField(
        default=0, db_default=0, help_text="what the source can bear; 0: as fast as it goes"
    )
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.DAY, db_default="day")
    day = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="of the week (1 is Monday) or the month")
    starts_at = models.TimeField(help_text="on its day; every hour: at these minutes")
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    due_at = models.DateTimeField(null=True)
    high = models.CharField(max_length=200, blank=True, help_text="largest cursor value that is in the lake, as text")
    version = models.PositiveIntegerField(default=1, db_default=1, help_text="of its mapping, as it is now")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    replays_since = models.PositiveIntegerField(null=True, help_text="the batch from which all is being done anew")
    replay_fault = models.JSONField(
        default=dict, db_default={}, help_text="why the last time of doing anew came to nothing: since, code, reasons"
    )
    made_at = models.DateTimeField()

    @property
    def work(self) -> dict[str, Any]:
        """What the lake does with each of its rows."""
        return {"columns": worked(self.columns), "newest": self.cursor, "rejects": self.source.has_rejects}

    @property
    def brings_all(self) -> bool:
        """Whether what a reading usually brings is all there is."""
        return self.waits_for_whole if self.takes == self.Takes.NEW else not self.high

    @property
    def shaped(self) -> list[dict[str, str]]:
        """The columns of its dataset."""
        return [{"name": column["name"], "kind": column.get("kind", "text")} for column in self.columns]

    def goes_by(self, mapping: "MappingVersion | None") -> None:
        """Here in memory it is as it was in this version: a run goes on by what it began with."""
        if mapping is not None:
            self.columns, self.keys, self.cursor = mapping.columns, mapping.keys, mapping.cursor

    @property
    def waits_for_whole(self) -> bool:
        """Whether its mapping says something that no run has brought in yet."""
        last = self.mappings.filter(whole=True).order_by("-number").values_list("number", flat=True).first()
        return bool(last) and not self.runs.filter(state="done", version__gte=last).exists()

    @property
    def source_keys(self) -> list[str]:
        """The key as the source names it."""
        sources = {column["name"]: column["source"] for column in self.columns}
        return [sources[key] for key in self.keys]

    @property
    def used(self) -> list[str]:
        """The source's columns that it reads."""
        return list(
            dict.fromkeys([*(column["source"] for column in self.columns), *([self.cursor] if self.cursor else [])])
        )


class MappingVersion(models.Model):
    """One version of a job's mapping: columns with their steps and checks, key and cursor. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="mappings")
    number = models.PositiveIntegerField()
    columns = models.JSONField()
    keys = models.JSONField()
    cursor = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(
        default=list, help_text="what it says otherwise than the one before: list of {what, name, was, now}"
    )
    whole = models.BooleanField(default=False, help_text="it takes a whole reading to come true")
    made_by = models.UUIDField(null=True, help_text="account of whoever said so")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_mapping_a_number")]


class Run(models.Model):
    """One time a job fetched. What it has read lies in its batch, part by part; it goes on after the last one."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        PAUSED = "paused", _("已暂停")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="runs")
    batch_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    version = models.PositiveIntegerField(null=True, help_text="of the job's mapping that it goes by")
    whole = models.BooleanField(help_text="全量 reading; otherwise from the job's high-water mark on")
    high = models.CharField(max_length=200, blank=True, help_text="largest cursor value when it began, as text")
    rows = models.PositiveBigIntegerField(default=0, help_text="read so far")
    expected = models.PositiveBigIntegerField(null=True, help_text="rows to come, as far as the source tells")
    counts = models.JSONField(default=dict)
    fault = models.JSONField(default=dict, help_text="code and reasons of what stopped it; never values")
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="when it last got further")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(ended_at=None), name="one_open_run_a_job"),
        ]

    @property
    def speed(self) -> int:
        """Rows a second until it last got further."""
        seconds = (self.moved_at - self.began_at).total_seconds()
        return round(self.rows / seconds) if seconds > 0 else 0


class Taken(models.Model):
    """A file that a job has read, and what it looked like then: another look, and it is read again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="taken")
    name = models.CharField(max_length=300)
    look = models.CharField(max_length=200)
    rows = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="a_file_once_a_job")]
