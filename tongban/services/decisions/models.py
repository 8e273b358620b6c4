"""What decides by itself, what it decided and upon what, and how people look after it."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField
from tongban.foundation.kernel.versions import DatedVersion


class RuleSet(DatedVersion):
    """The checks and decision tables of one item from a day on; `content` is the rule set (README, shape of a rule set)."""

    item_code = models.CharField(max_length=120)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    draft_id = models.UUIDField(null=True, help_text="the draft of the drafting room it was handed in from")
    authors = models.JSONField(default=list, help_text="accounts that wrote in it; none of them may publish it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_code", "version"], name="one_rule_set_per_number"),
            models.CheckConstraint(
                name="rules_two_people", condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by"))
            ),
        ]
        indexes = [models.Index(fields=["item_code", "status", "-effective_on"], name="rule_set_in_force")]


class Halt(models.Model):
    """The switch of one item (停用): while a row is not lifted, every application goes to a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item_code = models.CharField(max_length=120)
    department_id = models.UUIDField()
    reason = models.TextField()
    halted_by = models.UUIDField(null=True)
    halted_at = models.DateTimeField()
    lift_reason = models.TextField(blank=True)
    lifted_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_code"], condition=Q(lifted_at=None), name="one_standing_halt"),
            models.CheckConstraint(name="halt_has_reason", condition=~Q(reason="")),
        ]


class Quota(models.Model):
    """Places of which there are only so many (名额). The last one goes to whoever's commit comes first."""

    key = models.CharField(primary_key=True, max_length=100)
    title = models.CharField(max_length=200)
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="no_place_given_twice", condition=Q(taken__lte=F("places")))]


class Decided(models.Model):
    """One automatic consideration of one case: what it came to, by which rules, upon what. Never changed, but for the draw."""

    class Outcome(models.TextChoices):
        GRANT = "grant", "准予"
        PERSON = "person", "转人工"
        REFUSE = "refuse", "不予"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    item_code = models.CharField(max_length=120)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="decided")
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    applicant_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    grounds = models.JSONField(help_text="list of {row, article, sentence, about}; no personal data")
    trail = models.JSONField(help_text="list of [rule, what it found], in order")
    snapshot = EncryptedJSONField(
        help_text="the data it saw: {today, values: {key: {value, source, as_of, asked_at}}, …}"
    )
    engine = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, help_text="SM3 of rule set, snapshot, outcome and grounds")
    quota_key = models.CharField(max_length=100, blank=True, help_text="whose place it took")
    took_ms = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, help_text="when it lay in the pot of the sampling, drawn or not")

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "-id"], name="decided_of_case"),
            models.Index(fields=["item_code", "outcome", "-id"], name="decided_of_item"),
            models.Index(fields=["department_id", "-id"], name="decided_of_department"),
            models.Index(
                fields=["item_code", "decided_at"],
                condition=Q(drawn_at=None) & ~Q(outcome="person"),
                name="decided_undrawn",
            ),
        ]


class HumanCheck(models.Model):
    """A person looks at an automatic decision afterwards: because it was drawn (抽检), or because the applicant asked for it."""

    class Cause(models.TextChoices):
        DRAWN = "drawn", "抽检"
        ASKED = "asked", "申请人要求人工核查"

    class Answer(models.TextChoices):
        OPEN = "", "待核查"
        SAME = "same", "一致"
        DIFFERS = "differs", "不一致"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decided = models.ForeignKey(Decided, models.PROTECT, related_name="checks")
    cause = models.CharField(max_length=6, choices=Cause.choices)
    words = models.TextField(blank=True, help_text="what the applicant said when he asked")
    asked_by = models.UUIDField(null=True, help_text="the person who asked, to be told what was found")
    begun_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default=Answer.OPEN)
    reasons = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    earlier = models.JSONField(
        default=list, help_text="answers that a second person corrected: {answer, reasons, by, at}"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decided", "cause"], name="checked_once_a_cause"),
            models.CheckConstraint(
                name="check_answered_by_somebody",
                condition=Q(answer="") | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(name="difference_has_reasons", condition=~Q(answer="differs") | ~Q(reasons="")),
        ]
        indexes = [models.Index(fields=["begun_at"], condition=Q(answer=""), name="checks_waiting")]


class Rehearsal(models.Model):
    """A draft of rules tried over cases that people have decided, in the background, before anybody publishes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft_id = models.UUIDField()
    item_code = models.CharField(max_length=120)
    department_id = models.UUIDField()
    content = models.JSONField(help_text="the rules as they stood when it was asked for")
    digest = models.CharField(max_length=64)
    asked_by = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="outcome → how many")
    differing = models.JSONField(default=list, help_text="the first of {case_id, project_no, people, rules, why}")
    differ = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["draft_id", "-id"], name="rehearsals_of_draft")]
