"""Drafts that officials write together, and every edit made to them."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Draft(models.Model):
    """One document in the making. Who holds `verb` over its department may read and edit it."""

    class State(models.TextChoices):
        OPEN = "open", "编制中"
        IN_REVIEW = "in_review", "审核中"
        DONE = "done", "已完成"
        TRASHED = "trashed", "回收站"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30, help_text="what it will become, such as item or letter")
    key = models.CharField(max_length=80, help_text="of what it will become; one open draft a key")
    title = models.CharField(max_length=300)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    verb = models.CharField(
        max_length=60, help_text="the right one must hold to read and edit it, such as items.manage"
    )
    content = models.JSONField(default=dict)
    base = models.JSONField(null=True, help_text="what it began from, so that differences stay visible")
    base_ref = models.CharField(max_length=200, blank=True, help_text="which that was, in the owning room's words")
    revision = models.PositiveIntegerField(default=0, help_text="number of the last edit")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    created_by = models.UUIDField(null=True, help_text="account")
    created_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True, help_text="account")
    updated_at = models.DateTimeField()
    trashed_by = models.UUIDField(null=True, help_text="account")
    trashed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "department", "state", "-updated_at"], name="drafts_of_department")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(state__in=["open", "in_review"]), name="one_open_draft"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Edit(models.Model):
    """One change, with what takes it back. Never changed, never deleted: it is the record of who did what."""

    class Kind(models.TextChoices):
        EDIT = "edit", "改动"
        UNDO = "undo", "撤销"
        REDO = "redo", "重做"

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField(help_text="1 upward; the draft's revision after it")
    by = models.UUIDField(null=True, help_text="account")
    at = models.DateTimeField()
    ops = models.JSONField(help_text="JSON Patch, with every place counted out")
    inverse = models.JSONField(help_text="JSON Patch that takes it back")
    marks = models.JSONField(help_text="places it touched; * for every row of a list whose rows moved")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.EDIT)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="the edit it took back")
    label = models.CharField(max_length=100, blank=True, help_text="what was done, in the editor's words")
    token = models.CharField(
        max_length=60, blank=True, help_text="a page's own name for it, so that sent twice is done once"
    )

    class Meta:
        ordering = ["draft_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_edit_a_number"),
            models.UniqueConstraint(fields=["draft", "token"], condition=~models.Q(token=""), name="one_edit_a_token"),
        ]


class Comment(models.Model):
    """A remark beside a place of a draft, or an answer to one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="comments")
    path = models.CharField(max_length=300, blank=True, help_text="pointer; empty: the whole draft")
    text = models.CharField(max_length=1000)
    by = models.UUIDField(null=True, help_text="account")
    at = models.DateTimeField()
    reply_to = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    resolved_by = models.UUIDField(null=True, help_text="account")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class Presence(models.Model):
    """Who has a draft open, and at which place; worth nothing a minute later."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    account = models.UUIDField()
    path = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "account"], name="one_presence")]
