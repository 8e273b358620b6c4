"""Electronic seals (电子印章): who asked for one, the seal and its editions, who keeps it, what it was put on."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7

KINDS = [
    ("legal", "法定名称章"),
    ("inner", "内设机构章"),
    ("branch", "分支机构章"),
    ("business", "业务专用章"),
    ("personal", "个人名章"),
]
CONTROLS = [("decision", "凭办件决定用印"), ("one", "每次用印一人审批"), ("two", "每次用印两人审批")]


class Seal(models.Model):
    """One seal of a department. Its words never change: other words are another seal."""

    class State(models.TextChoices):
        APPROVED = "approved", "待制作"
        MADE = "made", "待备案"
        IN_USE = "in_use", "使用中"
        SUSPENDED = "suspended", "已停用"
        CANCELLED = "cancelled", "已注销"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=13, unique=True, help_text="印章编码")
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=40, help_text="the words around")
    business = models.CharField(max_length=20, blank=True, help_text="the words below, of a 业务专用章")
    holder_id = models.UUIDField(null=True, help_text="account, of a 个人名章")
    uses = models.JSONField(help_text="list of licence, letter, contract")
    control = models.CharField(max_length=8, choices=CONTROLS, help_text="who must agree before it is put on something")
    state = models.CharField(max_length=9, choices=State.choices, default=State.APPROVED)
    keeper_id = models.UUIDField(null=True, help_text="account that answers for it now")
    made_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True, help_text="备案")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "name", "business"],
                condition=~Q(state="cancelled"),
                name="one_standing_seal_of_the_words",
            ),
            models.CheckConstraint(
                name="seal_in_use_is_registered",
                condition=~Q(state__in=["in_use", "suspended"]) | Q(registered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="seal_cancelled_has_moment",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["department", "state"], name="seals_of_department")]

    def __str__(self) -> str:
        return f"{self.name}{self.business}"


class Application(models.Model):
    """A department asks for a seal, for another picture or certificate of one, or for its end; another person decides."""

    class Kind(models.TextChoices):
        NEW = "new", "新制"
        REPLACE = "replace", "重新制作"
        CANCEL = "cancel", "注销"

    class State(models.TextChoices):
        WAITING = "waiting", "待审核"
        RETURNED = "returned", "已退回"
        APPROVED = "approved", "已通过"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="applications")
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    seal_kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=40)
    business = models.CharField(max_length=20, blank=True)
    holder_id = models.UUIDField(null=True)
    uses = models.JSONField()
    control = models.CharField(max_length=8, choices=CONTROLS)
    keeper_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=100, help_text="the paper that sets the body or the business up")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    applied_at = models.DateTimeField()
    applied_by = models.UUIDField(null=True, help_text="account; null: set-up")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True, help_text="account")
    opinion = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seal_application_decided_by_another",
                condition=Q(state="waiting", decided_at=None)
                | (
                    Q(decided_at__isnull=False)
                    & (Q(decided_by=None) | Q(applied_by=None) | ~Q(decided_by=F("applied_by")))
                ),
            ),
            models.UniqueConstraint(
                fields=["seal", "kind"],
                condition=Q(state="waiting", seal__isnull=False),
                name="one_waiting_application",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="seal_applications_by_state")]


class Edition(models.Model):
    """One making of a seal: picture, certificate, and the structure the seal's maker signed. Old ones verify for ever."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="editions")
    edition = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=16, unique=True, help_text="esID in the structure")
    png = models.BinaryField()
    svg = models.TextField()
    width_mm = models.PositiveSmallIntegerField()
    height_mm = models.PositiveSmallIntegerField()
    der = models.BinaryField(help_text="SESeal")
    certificate = models.BinaryField(help_text="of whoever signs with it, DER")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, help_text="account")
    valid_until = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True, help_text="when it was registered")
    in_force_until = models.DateTimeField(null=True, help_text="when another took its place or the seal ended")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "edition"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["seal"],
                condition=Q(in_force_from__isnull=False, in_force_until=None),
                name="one_edition_in_force",
            ),
        ]


class Standing(models.Model):
    """In which state a seal was from when until when, and why: what a signature of that time is judged by."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="standings")
    state = models.CharField(max_length=9, choices=Seal.State.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    document = models.CharField(max_length=100, blank=True)
    by = models.UUIDField(null=True, help_text="account")

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["seal"], condition=Q(until=None), name="one_state_at_a_time")]


class Custody(models.Model):
    """Who kept a seal from when until when (保管), handed over by whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="custodies")
    keeper_id = models.UUIDField(null=True, help_text="account")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    handed_over_by = models.UUIDField(null=True, help_text="account")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["seal"], condition=Q(until=None), name="one_keeper_at_a_time")]


class Request(models.Model):
    """Somebody asks to put a seal on a document (用印申请): which one, what for, how many copies."""

    class State(models.TextChoices):
        WAITING = "waiting", "待审批"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "不同意"
        USED = "used", "已用印"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="requests")
    title = models.CharField(max_length=100, help_text="of the document")
    digest = models.CharField(max_length=64, help_text="SM3 of the document, hex")
    purpose = models.CharField(max_length=200)
    copies = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(help_text="account")
    decided_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True, help_text="after it the approval is worth nothing")

    class Meta:
        constraints = [
            models.CheckConstraint(name="no_more_than_approved", condition=Q(used__lte=F("copies"))),
        ]
        indexes = [models.Index(fields=["seal", "state", "-id"], name="requests_of_seal")]


class Opinion(models.Model):
    """One person's answer to a request; nobody answers twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.PROTECT, related_name="opinions")
    account_id = models.UUIDField()
    agrees = models.BooleanField()
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "account_id"], name="one_opinion_a_person")]


class Use(models.Model):
    """One putting of a seal on one document (用印记录). Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="used_on")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="used_on")
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="used_on")
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True, help_text="null: the system, after a decision")
    algorithm = models.CharField(max_length=4, help_text="sm2 or p256")
    digest = models.CharField(max_length=64, help_text="of what was signed, hex")
    subject = models.CharField(max_length=80, help_text="what it was put on, such as letter:0190…")
    purpose = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["seal", "-id"], name="uses_of_seal"),
            models.Index(fields=["subject"], name="uses_of_subject"),
        ]
