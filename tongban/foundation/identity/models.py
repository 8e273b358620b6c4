"""Who people are to the city: accounts, persons, companies, mandates, appointments, departments' own systems."""

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.grades import GRADES, WORDS
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .rules import LONGEST_PROOF, SHORTEST_PROOF


class Account(AbstractBaseUser):
    """One way to sign in; one human being stands behind it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=60, blank=True, help_text="as colleagues see it")
    email = models.EmailField(blank=True)
    phone = EncryptedTextField(null=True, help_text="a member of staff's; a citizen's is the person's")
    is_active = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=1, help_text="assurance level 0-4")
    failures = models.PositiveSmallIntegerField(default=0, help_text="wrong passwords in a row")
    locked_until = models.DateTimeField(null=True, blank=True)
    unlocked_at = models.DateTimeField(null=True, blank=True, help_text="last opened by the security administrator")
    password_set_at = models.DateTimeField(null=True, default=now, help_text="null: chosen by another, to be changed")
    former_passwords = models.JSONField(default=list, db_default=[], help_text="hashes of the last four before")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"


class Person(models.Model):
    """A natural person (自然人). With or without an account: a clerk may receive somebody who has none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(Account, models.SET_NULL, null=True, blank=True, related_name="person")
    name = models.CharField(max_length=60)
    id_type = models.CharField(max_length=3, default="111", help_text="GA/T 517: 111 resident identity card")
    id_number = EncryptedTextField()
    id_index = models.CharField(max_length=32, unique=True, help_text="blind index of id_number")
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    birth_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True, help_text="GB/T 2261.1")
    level = models.PositiveSmallIntegerField(default=1, help_text="assurance level 0-4")
    invented = models.BooleanField(default=False, help_text="示例: no such person exists")
    created_at = models.DateTimeField(auto_now_add=True)


class Company(models.Model):
    """A legal person (法人) or other organisation that applies through natural persons."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    legal_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="companies")
    legal_person_name = models.CharField(max_length=60)
    address = models.CharField(max_length=200, blank=True)
    registered_on = models.DateField(null=True)
    invented = models.BooleanField(default=False, help_text="示例: no such company exists")
    created_at = models.DateTimeField(auto_now_add=True)


class Address(models.Model):
    """One entry of a person's or company's address book (地址簿): where he can be found and who takes his post there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_id = models.UUIDField(help_text="the person or company, as `Actor.applicant_id`")
    label = models.CharField(max_length=10, help_text="家, 公司: what its owner calls it")
    name = EncryptedTextField(help_text="who takes the post")
    phone = EncryptedTextField()
    division = models.CharField(max_length=12, help_text="township or village, 12 digits")
    detail = EncryptedTextField(help_text="street and number")
    postcode = models.CharField(max_length=6, blank=True)
    is_default = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_default", "-changed_at"]
        indexes = [models.Index(fields=["owner_id"], name="addresses_of_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner_id"], condition=Q(is_default=True), name="one_default_address"),
        ]


class Mandate(models.Model):
    """The right of one person to act for one company, for all or some items, until a day or until revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    company = models.ForeignKey(Company, models.PROTECT, related_name="mandates")
    is_legal_person = models.BooleanField(default=False, help_text="法定代表人; may grant mandates")
    items = models.JSONField(default=list, help_text="codes of service items; empty means all")
    starts_on = models.DateField()
    until_on = models.DateField(null=True, help_text="last day; null for the legal representative")
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_last", condition=Q(until_on=None) | Q(until_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=["person", "company"], condition=Q(revoked_at=None), name="one_mandate_at_a_time"
            ),
        ]


class Appointment(models.Model):
    """An account seated on a post from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="appointments")
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="last day")
    appointed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="taken off the post before its last day")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_last", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=["account", "post"], condition=Q(ended_at=None), name="one_open_appointment_per_post"
            ),
        ]


class Clearance(models.Model):
    """Up to which grade of data an account may look (安全标记): the newest row counts. Given by the security administrator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="clearances")
    grade = models.PositiveSmallIntegerField(choices=WORDS.items())
    reason = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=now)
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [models.CheckConstraint(name="clearance_is_a_grade", condition=Q(grade__in=GRADES))]


class PhoneChange(models.Model):
    """A member of staff got another phone on record; the one before is kept for a day, to tell him there too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    before = EncryptedTextField(blank=True)
    changed_at = models.DateTimeField()


class Deputy(models.Model):
    """代理: a colleague who acts at somebody's post while he is away. It ends by itself after its last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", help_text="who acts")
    principal = models.ForeignKey(Account, models.PROTECT, related_name="+", help_text="whose post it is")
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    verbs = models.JSONField(default=list, help_text="which of the post's rights; empty means all that may be lent")
    starts_on = models.DateField()
    until_on = models.DateField(help_text="last day")
    reason = models.CharField(max_length=200, blank=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="ended before its last day")
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="deputy_ends_last", condition=Q(until_on__gte=F("starts_on"))),
            models.CheckConstraint(name="deputy_is_another", condition=~Q(account=F("principal"))),
        ]


class PasswordReset(models.Model):
    """Somebody forgot his password and named himself. Where nobody is so named there is a row as well, and nobody is sent a code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    code = EncryptedTextField(help_text="six digits, sent to the phone that is on record")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="wrong codes")
    shown_at = models.DateTimeField(null=True, help_text="the right code was typed")
    done_at = models.DateTimeField(null=True)


class ProofTerm(models.Model):
    """For how long a proof of who one is counts before a binding step: data with a date, never changed, only followed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    minutes = models.PositiveSmallIntegerField()
    starts_on = models.DateField(help_text="the first day it holds")
    reason = models.CharField(max_length=200)
    changed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-starts_on", "-changed_at"]
        constraints = [
            models.CheckConstraint(
                name="proof_counts_an_hour_at_most",
                condition=Q(minutes__gte=SHORTEST_PROOF) & Q(minutes__lte=LONGEST_PROOF),
            ),
        ]


class SystemClient(models.Model):
    """A department's own system that calls the API; of its key only a fingerprint is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of a key of 256 random bits")
    scopes = models.JSONField(default=list, help_text="verbs it holds, each for its department")
    is_active = models.BooleanField(default=True)
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
