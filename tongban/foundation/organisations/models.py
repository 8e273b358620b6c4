"""Where the city is divided, which offices it has, and who sits where."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7

from .rules import ROLES


class Division(models.Model):
    """An administrative division, province to village; `code` is the 12-digit statistical code."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(help_text="1 province 2 city 3 county 4 street or town 5 village")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    pinyin = models.CharField(max_length=200, help_text="sort key; the wheels of PostgreSQL lack ICU")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="twelve_digits", condition=models.Q(code__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(name="known_level", condition=models.Q(level__range=(1, 6))),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """An office of government that handles matters and answers for them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=18, unique=True, help_text="unified social credit code")
    code_invented = models.BooleanField(default=False, help_text="示例: the published list has no valid code for it")
    name = models.CharField(max_length=100, help_text="full official name")
    short_name = models.CharField(max_length=40, help_text="as in the published list, such as 区卫健局")
    division = models.ForeignKey(Division, models.PROTECT, related_name="departments")
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    duties = models.TextField(blank=True, help_text="what it does, in one or two plain sentences")
    is_active = models.BooleanField(default=True)
    pinyin = models.CharField(max_length=200, help_text="sort key of the short name without 区 before it")

    class Meta:
        ordering = ["pinyin"]
        constraints = [
            models.UniqueConstraint(fields=["division", "short_name"], name="one_department_per_short_name"),
        ]

    def __str__(self) -> str:
        return self.short_name


class Hall(models.Model):
    """A service hall (政务服务大厅、便民服务中心) where people are received."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100, unique=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="halls")
    address = models.CharField(max_length=200)
    hours = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    pinyin = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["division_id", "pinyin"]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """One counter of a hall."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="windows")
    number = models.CharField(max_length=10)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["hall_id", "number"]
        constraints = [models.UniqueConstraint(fields=["hall", "number"], name="one_window_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Post(models.Model):
    """A seat in a department; whoever is appointed to it has the rights of its role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=[(role, word) for role, word in ROLES.items()])
    window = models.ForeignKey(
        Window, models.SET_NULL, null=True, related_name="posts", help_text="the counter it works at, if it does"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["department_id", "role", "name"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="one_post_per_name")]

    def __str__(self) -> str:
        return self.name
