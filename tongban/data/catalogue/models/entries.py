"""An entry of the catalogue, its versions, the reviews it passes, and the data items that other rooms point at."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongban.data.catalogue.rules import lifecycle
from tongban.foundation.kernel.ids import uuid7


class Entry(models.Model):
    """A system or a data resource of one department. Beside its name stand the facets of the version that holds."""

    class Kind(models.TextChoices):
        RESOURCE = "resource", _("数据资源")
        SYSTEM = "system", _("信息系统")

    class Life(models.TextChoices):
        MADE = lifecycle.MADE, _("已创建")
        IN_REVIEW = lifecycle.IN_REVIEW, _("发布待审核")
        REFUSED = lifecycle.REFUSED, _("发布已驳回")
        PUBLISHED = lifecycle.PUBLISHED, _("已发布")
        LEAVING = lifecycle.LEAVING, _("撤销待审核")
        STAYS = lifecycle.STAYS, _("撤销已驳回")
        WITHDRAWN = lifecycle.WITHDRAWN, _("已撤销")
        DELETED = lifecycle.DELETED, _("已删除")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True, help_text="resource code or system code, given when handed in")
    name = models.CharField(max_length=200, blank=True, help_text="of the version that holds, else of the draft")
    life = models.CharField(max_length=1, choices=Life.choices, default=Life.MADE)
    made_at = models.DateTimeField()
    published = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", help_text="the one that holds"
    )
    published_at = models.DateTimeField(null=True)
    # Facets of the version that holds.
    top_class = models.CharField(max_length=1, blank=True)
    share_type = models.CharField(max_length=20, blank=True)
    open_type = models.CharField(max_length=20, blank=True)
    cycle = models.CharField(max_length=20, blank=True)
    domain = models.CharField(max_length=20, blank=True)
    format = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=1, blank=True)
    system_code = models.CharField(max_length=40, blank=True)
    item_codes = ArrayField(models.CharField(max_length=120), default=list, help_text="service items that feed it")
    review_on = models.DateField(null=True, help_text="when the ground for not sharing is looked at again")
    warned_on = models.DateField(null=True, help_text="when it was last said that the ground falls due")
    words = models.TextField(blank=True, help_text="what is looked through, plain")
    # Told by the gathering room.
    gathered_at = models.DateTimeField(null=True, help_text="the newest batch; null: not gathered")
    follows_daily = models.BooleanField(default=False, help_text="follows its source within a day")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_entry_per_code"),
            models.CheckConstraint(
                condition=~Q(life__in=sorted(lifecycle.SEEN_BY_ALL)) | Q(published__isnull=False),
                name="published_entry_has_a_version",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "life", "code"], name="catalogue_by_code"),
            models.Index(fields=["department", "kind", "life"], name="catalogue_of_department"),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One text of an entry. What has been published is never changed (a trigger holds it): who saw it keeps it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("待审核")
        PUBLISHED = "published", _("已发布")
        DROPPED = "dropped", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="1 upward")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, help_text="SM3 of the canonical content")
    revision = models.PositiveIntegerField(default=1, help_text="rises with every edit of a draft")
    note = models.CharField(max_length=500, blank=True, help_text="why it changes")
    changed_on = models.DateField(null=True, help_text="when the law, the duty or the data changed")
    authors = ArrayField(models.UUIDField(), default=list, help_text="accounts of all who wrote in it")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_catalogue_version_per_number"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status__in=["draft", "in_review"]), name="one_open_catalogue_version"
            ),
        ]


class Review(models.Model):
    """A text handed in to be published, or a wish to withdraw: answered by the department, then by the platform."""

    class Act(models.TextChoices):
        PUBLISH = lifecycle.PUBLISH, _("发布")
        WITHDRAW = lifecycle.WITHDRAW, _("撤销")

    class State(models.TextChoices):
        DEPARTMENT = lifecycle.DEPARTMENT, _("等部门审核")
        PLATFORM = lifecycle.PLATFORM, _("等平台审核")
        AGREED = "agreed", _("已通过")
        REFUSED = "refused", _("已驳回")
        RECALLED = "recalled", _("已收回")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reviews")
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="reviews", help_text="what is to be published or withdrawn"
    )
    act = models.CharField(max_length=10, choices=Act.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DEPARTMENT)
    life_before = models.CharField(max_length=1)
    asked_by = models.UUIDField(null=True, help_text="account")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, help_text="why it is to be withdrawn")
    department_by = models.UUIDField(null=True)
    department_at = models.DateTimeField(null=True)
    platform_by = models.UUIDField(null=True)
    platform_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True, help_text="why it was refused")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=["department", "platform"]), name="one_open_catalogue_review"
            ),
            models.CheckConstraint(
                condition=(Q(department_by=None) | ~Q(department_by=F("asked_by")))
                & (Q(platform_by=None) | (~Q(platform_by=F("asked_by")) & ~Q(platform_by=F("department_by")))),
                name="catalogue_review_by_others",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="catalogue_reviews_open")]


class DataItem(models.Model):
    """A data item of a resource as it stands published. Its id stays through all versions: columns, elements and grades hang on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resource = models.ForeignKey(Entry, models.PROTECT, related_name="items")
    key = models.CharField(max_length=40, help_text="as in the content of the versions; never changes")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    english = models.CharField(max_length=63)
    type = models.CharField(max_length=10)
    length = models.CharField(max_length=10, blank=True)
    element = models.CharField(max_length=40, blank=True, help_text="identifier of a data element")
    code_set = models.CharField(max_length=60, blank=True)
    data_class = models.CharField(max_length=10)
    grade = models.CharField(max_length=1)
    nullable = models.BooleanField()
    is_key = models.BooleanField()
    lead = models.ForeignKey(
        "organisations.Department", models.PROTECT, related_name="+", help_text="whose value holds (一数一源)"
    )
    is_present = models.BooleanField(default=True, help_text="whether the version that holds still has it")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["resource", "key"], name="one_data_item_per_key")]
