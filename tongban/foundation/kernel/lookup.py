"""Fetch one row or say, in words, that it is not there."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

from .errors import NotFound

M = TypeVar("M", bound=models.Model)


def find(rows: models.QuerySet[M] | models.Manager[M], **lookup: Any) -> M:
    """The one row that matches, or `NotFound`; a malformed identifier is simply not found."""
    try:
        return rows.get(**lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError):
        raise NotFound from None
