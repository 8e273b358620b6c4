"""Who may see what of a licence, and who has: codes that are shown, permissions, scenes, the ledger, copies."""

from datetime import date

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .licences import Licence


class ShortCode(models.Model):
    """A code on the holder's screen (亮证码): for minutes, for one use. Only its fingerprint is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fingerprint = models.CharField(max_length=32, unique=True, help_text="blind index of the code")
    licence = models.ForeignKey(Licence, models.CASCADE, related_name="codes")
    fields = models.JSONField(default=list, help_text="keys shown with it")
    shown_by = models.UUIDField(help_text="account")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="codes_by_end")]


class Grant(models.Model):
    """A holder's permission (授权): these fields of this licence, to this body, once or until a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_id = models.UUIDField(help_text="the licence, whatever its version")
    holder_id = models.UUIDField()
    department_id = models.UUIDField(help_text="the body that may look")
    purpose = models.CharField(max_length=200)
    fields = models.JSONField(default=list)
    until_on = models.DateField(null=True, help_text="last day; null: once")
    made_by = models.UUIDField(null=True, help_text="account")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder_id", "-id"], name="grants_of_a_holder"),
            models.Index(fields=["family_id", "department_id"], name="grants_of_a_licence"),
        ]


class Scene(models.Model):
    """A sharing scene (共享应用场景): a body uses fields of a type of licence for one matter, by law; made in four steps."""

    class State(models.TextChoices):
        ASKED = "asked", "等颁发部门答复"
        AGREED = "agreed", "等确认应用流程"
        SETTLED = "settled", "等平台开通"
        OPEN = "open", "已开通"
        REFUSED = "refused", "不同意"
        STOPPED = "stopped", "已停用"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department_id = models.UUIDField(help_text="the body that uses")
    issuer_id = models.UUIDField(null=True, help_text="the department whose licences they are; it answers")
    type_code = models.CharField(max_length=21)
    name = models.CharField(max_length=100)
    item_code = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200)
    ground = models.CharField(
        max_length=300, blank=True, help_text="the law by which no consent is needed; empty: consent"
    )
    fields = models.JSONField(default=list)
    steps = models.JSONField(default=dict, help_text="step → {at, by, note}")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    until_on = models.DateField(null=True, help_text="last day")
    process = models.CharField(max_length=500, blank=True, help_text="who looks, at which step of the matter")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "issuer_id", "type_code", "name"],
                condition=~Q(state__in=["refused", "stopped"]),
                name="scene_once",
            )
        ]
        indexes = [models.Index(fields=["department_id", "type_code", "state"], name="scenes_of_a_body")]

    def is_open(self, on: date) -> bool:
        """Whether it can be used on a day."""
        return self.state == self.State.OPEN and (self.until_on is None or self.until_on >= on)


class Use(models.Model):
    """One use of a licence, given or refused (用证台账). The holder reads it; nobody changes it."""

    class Way(models.TextChoices):
        CODE = "code", "扫亮证码"
        GRANT = "grant", "持证人授权"
        LAW = "law", "依法定职责查询"
        CASE = "case", "办件免提交"
        ISSUER = "issuer", "颁发机关查看"
        COPY = "copy", "加注副本"
        NONE = "none", "没有授权"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="uses")
    holder_index = models.CharField(max_length=32)
    holder_id = models.UUIDField(null=True)
    department_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=120, help_text="the body, as the holder reads it")
    account_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10)
    way = models.CharField(max_length=6, choices=Way.choices)
    purpose = models.CharField(max_length=200)
    case_no = models.CharField(max_length=60, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    scene_id = models.UUIDField(null=True, help_text="the scene in whose name it was looked at")
    fields = models.JSONField(default=list)
    given = models.BooleanField(help_text="false: refused")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["holder_index", "-id"], name="uses_of_a_holder"),
            models.Index(fields=["licence", "-id"], name="uses_of_a_licence"),
            models.Index(fields=["department_id", "-id"], name="uses_by_a_department"),
        ]


class Copy(models.Model):
    """A copy made for one use (加注件): its watermark says what for, for whom, until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="copies")
    purpose = models.CharField(max_length=100)
    user_name = EncryptedTextField(help_text="who is to receive it")
    until_on = models.DateField(null=True)
    made_by = models.UUIDField(null=True, help_text="account")
    made_at = models.DateTimeField()

    @property
    def number(self) -> str:
        """What it is called by; printed on it."""
        return f"{self.made_at:%Y%m%d}-{self.pk.hex[-8:].upper()}"


class Layout(models.Model):
    """A page made from the record when somebody first asked for it, and kept as a file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    licence = models.ForeignKey(Licence, models.CASCADE, related_name="layouts")
    copy = models.ForeignKey(Copy, models.CASCADE, null=True, related_name="layouts")
    format = models.CharField(max_length=3, choices=[("pdf", "PDF"), ("ofd", "OFD")])
    file_id = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "format"], condition=Q(copy=None), name="layout_once"),
            models.UniqueConstraint(fields=["copy", "format"], condition=~Q(copy=None), name="layout_of_a_copy_once"),
        ]
