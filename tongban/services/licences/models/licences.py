"""Types of licences, every version of every licence, and what was done to each."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField, EncryptedTextField
from tongban.foundation.kernel.versions import DatedVersion
from tongban.services.licences.rules import states


class LicenceType(DatedVersion):
    """One version of a licence type (证照类型): what its licences say, how long they hold, how they look."""

    code = models.CharField(max_length=21, help_text="证照类型代码: who defines it, and three digits")
    name = models.CharField(max_length=100)
    department_id = models.UUIDField(null=True, help_text="whose officials designed it; null: loaded from a file")
    draft_id = models.UUIDField(null=True, help_text="the draft it was designed in")
    authors = models.JSONField(default=list, help_text="accounts that wrote in the draft: none of them publishes it")

    class Meta:
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="licence_type_version_once")]


class Licence(models.Model):
    """One version of one licence (证照). A new version is a new row; of all versions one at most is in force.

    Departments, holders and cases are named by plain ids. `family_id` is the first version's id: the licence through its life.
    """

    class State(models.TextChoices):
        DRAFT = states.DRAFT, "待签发"
        VALID = states.VALID, "有效"
        SUSPENDED = states.SUSPENDED, "暂扣"
        EXPIRED = states.EXPIRED, "过期"
        CANCELLED = states.CANCELLED, "注销"
        REVOKED = states.REVOKED, "吊销"
        ANNULLED = states.ANNULLED, "撤销"
        LOST = states.LOST, "遗失作废"
        SUPERSEDED = states.SUPERSEDED, "已变更"
        DISCARDED = states.DISCARDED, "已剔除"

    class Source(models.TextChoices):
        CASE = "case", "办件签发"
        STAFF = "staff", "窗口签发"
        BACKFILL = "backfill", "历史归集"
        SYSTEM = "system", "实时归集"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_id = models.UUIDField(help_text="the first version's id")
    identifier = models.CharField(max_length=120, unique=True, help_text="证照标识, GB/T 36904")
    type = models.ForeignKey(LicenceType, models.PROTECT, related_name="licences")
    type_code = models.CharField(max_length=21)
    type_name = models.CharField(max_length=100)
    issuer_id = models.UUIDField(help_text="department")
    issuer_code = models.CharField(max_length=18)
    issuer_name = models.CharField(max_length=100)
    serial = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    number = EncryptedTextField(help_text="证照编号; may hold an ID number")
    number_index = models.CharField(max_length=32)
    holder_kind = models.CharField(max_length=7, choices=[("person", "自然人"), ("company", "法人")])
    holder_id = models.UUIDField(null=True, help_text="person or company; null when not registered with us")
    holder_name = EncryptedTextField()
    holder_number = EncryptedTextField()
    holder_index = models.CharField(max_length=32, help_text="blind index of holder_number")
    fields = EncryptedJSONField(default=dict)
    issued_on = models.DateField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True, help_text="last day; null: without end")
    state = models.CharField(max_length=10, choices=State.choices, default=State.VALID)
    state_at = models.DateTimeField()
    checked_on = models.DateField(null=True, help_text="last yearly check")
    record = EncryptedTextField(
        blank=True, help_text="canonical JSON that is signed; empty: history not signed anew yet"
    )
    record_digest = models.CharField(max_length=64, blank=True, help_text="SM3 of the record")
    signatures = models.JSONField(default=list, help_text="list of {alg, kid, value}")
    case_id = models.UUIDField(null=True)
    basis = models.CharField(max_length=500, blank=True, help_text="why this version was made, and by which paper")
    source = models.CharField(max_length=8, choices=Source.choices)
    flags = models.JSONField(default=list, help_text="codes of what is doubtful about it")
    scan_id = models.UUIDField(null=True, help_text="file: the paper it was taken from")
    made_by = models.UUIDField(null=True, help_text="account; null: by rule")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuer_code", "serial", "version"], name="licence_version_once"
            ),
            models.UniqueConstraint(
                fields=["family_id"], condition=Q(state__in=states.CURRENT), name="licence_one_version_in_force"
            ),
            models.CheckConstraint(
                name="licence_ends_last",
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
            ),
            # History may be kept before its issuer has signed it anew; what is made here never lacks its record.
            models.CheckConstraint(
                name="licence_is_signed", condition=Q(source__in=["backfill", "system"]) | ~Q(record_digest="")
            ),
        ]
        indexes = [
            models.Index(fields=["holder_index", "type_code"], name="licences_of_a_number"),
            models.Index(fields=["holder_id", "-id"], name="licences_of_a_holder"),
            models.Index(fields=["issuer_id", "state", "-id"], name="licences_of_an_issuer"),
            models.Index(fields=["number_index"], name="licences_by_number"),
            models.Index(fields=["family_id", "version"], name="licence_versions"),
            models.Index(fields=["case_id"], condition=~Q(case_id=None), name="licences_of_a_case"),
            models.Index(fields=["valid_until"], condition=Q(state__in=states.CURRENT), name="licences_ending"),
        ]

    @property
    def holder_words(self) -> str:
        return str(self.holder_name)


class LicenceChange(models.Model):
    """One act upon one version (暂扣, 注销 …), with its reason and paper. Only added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="changes")
    act = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    document = models.CharField(max_length=200, blank=True, help_text="文书名称和文号")
    file_id = models.UUIDField(null=True, help_text="the paper itself")
    until_on = models.DateField(null=True, help_text="of a suspension: its last day")
    actor_kind = models.CharField(max_length=10)
    account_id = models.UUIDField(null=True)
    department_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["licence", "at"], name="changes_of_a_licence")]
