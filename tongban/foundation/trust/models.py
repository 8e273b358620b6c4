"""Keys (never the private half), certificates, and who asked for them."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7

ALGORITHMS = [("sm2", "SM2"), ("p256", "P-256")]


class StoredKey(models.Model):
    """The public half of a pair whose private half lies in a key store. Of one owner, name and algorithm one is current."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=80, help_text="kind and id, such as department:0190…")
    name = models.CharField(max_length=60, help_text="what the owner signs with it")
    algorithm = models.CharField(max_length=4, choices=ALGORITHMS)
    kid = models.CharField(max_length=16, unique=True, help_text="first 16 hex of the SM3 of the public key")
    store = models.CharField(max_length=10, help_text="which key store holds the private half")
    public = models.BinaryField(help_text="SubjectPublicKeyInfo")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="replaced: signs no more, verifies for ever")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name", "algorithm"], condition=Q(retired_at=None), name="one_current_key"
            ),
            models.CheckConstraint(
                name="key_retires_after_making", condition=Q(retired_at=None) | Q(retired_at__gte=F("made_at"))
            ),
        ]


class Certificate(models.Model):
    """One certificate we issued. Its content never changes; its state does."""

    class Kind(models.TextChoices):
        ROOT = "root", "根证书"
        ISSUING = "issuing", "签发证书"
        OCSP = "ocsp", "状态查询"
        TSA = "tsa", "时间戳"
        PLATFORM = "platform", "平台"
        DEPARTMENT = "department", "部门"
        SEAL = "seal", "电子印章"
        PERSON = "person", "个人"
        DEVICE = "device", "设备"
        SOFTWARE = "software", "软件系统"

    class State(models.TextChoices):
        VALID = "valid", "有效"
        SUSPENDED = "suspended", "已暂停"
        REVOKED = "revoked", "已吊销"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    algorithm = models.CharField(max_length=4, choices=ALGORITHMS)
    serial = models.CharField(max_length=40, unique=True, help_text="lower-case hex, random")
    subject = models.CharField(max_length=64, help_text="common name")
    owner = models.CharField(max_length=80, help_text="kind and id, such as account:0190…")
    kid = models.CharField(max_length=16, db_index=True)
    key = models.ForeignKey(StoredKey, models.PROTECT, null=True, related_name="certificates")
    issuer = models.ForeignKey("self", models.PROTECT, null=True, related_name="issued")
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals")
    der = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.VALID)
    state_at = models.DateTimeField(help_text="since when it is in this state")
    reason = models.CharField(max_length=24, blank=True, help_text="CRLReason of RFC 5280")
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="certificate_ends_after_start", condition=Q(valid_until__gt=F("valid_from"))),
            models.CheckConstraint(
                name="certificate_state_has_reason",
                condition=Q(state="valid", reason="") | Q(state="suspended", reason="certificate_hold")
                | (Q(state="revoked") & ~Q(reason__in=["", "certificate_hold"])),
            ),
            models.UniqueConstraint(
                fields=["kind", "algorithm"],
                condition=Q(kind__in=["root", "issuing"], state="valid"),
                name="one_authority_per_algorithm",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "valid_until"], name="certificates_by_end"),
            models.Index(fields=["owner"], name="certificates_of_owner"),
        ]


class Application(models.Model):
    """Somebody asks for a certificate; another person decides (RA, 注册审核)."""

    class State(models.TextChoices):
        WAITING = "waiting", "待审核"
        ISSUED = "issued", "已签发"
        REFUSED = "refused", "未通过"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Certificate.Kind.choices)
    algorithm = models.CharField(max_length=4, choices=ALGORITHMS)
    title = models.CharField(max_length=64, help_text="what the certificate will name")
    owner = models.CharField(max_length=80)
    request = models.BinaryField(help_text="PKCS#10 in DER; empty: the key is made in our store")
    purpose = models.CharField(max_length=200)
    renews = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="renewal_applications")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    applied_at = models.DateTimeField()
    applied_by = models.UUIDField(help_text="account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True, help_text="account")
    opinion = models.CharField(max_length=200, blank=True)
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="application")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_decided_by_another",
                condition=Q(state="waiting", decided_by=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("applied_by"))),
            ),
            models.CheckConstraint(
                name="application_issued_has_certificate",
                condition=Q(state="issued", certificate__isnull=False) | (~Q(state="issued") & Q(certificate=None)),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="applications_by_state")]
