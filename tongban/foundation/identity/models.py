"""Who people are to the city."""

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Account(AbstractBaseUser):
    """One way to sign in; one person or one system stands behind it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=1, help_text="assurance level 0-4")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
