"""Law is data with a date: a definition is drafted, reviewed by another person, published from a day, superseded."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .ids import uuid7

V = TypeVar("V", bound="DatedVersion")


class DatedVersion(models.Model):
    """One version of a definition. What has been published is never changed; a running case keeps the one it began with."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("待审核")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤下")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(help_text="1 upward; a change of wording raises it")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    effective_on = models.DateField(help_text="the first day it holds")
    drafted_by = models.UUIDField(null=True, help_text="account")
    reviewed_by = models.UUIDField(null=True, help_text="account; never the drafter")
    published_at = models.DateTimeField(null=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, help_text="SM3 of the canonical content")

    class Meta:
        abstract = True


def in_force(rows: models.QuerySet[V], on: date, **same: Any) -> V | None:
    """Of the published versions of one definition (`same` says which), the one that holds on a day."""
    published = rows.filter(Q(status=DatedVersion.Status.PUBLISHED), effective_on__lte=on, **same)
    return published.order_by("-effective_on", "-version").first()
