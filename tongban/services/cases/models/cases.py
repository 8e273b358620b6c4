"""The case itself, its materials, its steps, and the line of what happened to it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField, EncryptedTextField

UNACCEPTED = ["submitted", "received", "correction"]
DECIDED = ["granted", "partly", "refused"]


class Case(models.Model):
    """One application of one person or company under one version of one service item (办件)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "已提交"
        RECEIVED = "received", "已收件"
        CORRECTION = "correction", "待补正"
        ACCEPTED = "accepted", "已受理"
        REVIEWING = "reviewing", "审查中"
        SUSPENDED = "suspended", "特别程序中"
        DECIDED = "decided", "已决定"
        CERTIFYING = "certifying", "制证"
        DELIVERING = "delivering", "送达"
        CLOSED = "closed", "已办结"

    class Result(models.TextChoices):
        GRANTED = "granted", "准予"
        PARTLY = "partly", "部分准予"
        REFUSED = "refused", "不予"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        WITHDRAWN = "withdrawn", "申请人撤回"
        LAPSED = "lapsed", "逾期未补正"
        TRANSFERRED = "transferred", "转有权机关"
        TERMINATED = "terminated", "终止"
        VOID = "void", "作废"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        API = "api", "部门系统"
        COUNTER = "counter", "窗口"
        POST = "post", "邮寄"

    class Lamp(models.TextChoices):
        GREEN = "green", "正常"
        WARN = "warn", "预警"
        YELLOW = "yellow", "黄牌"
        RED = "red", "红牌"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project_no = models.CharField(max_length=60, help_text="办件编号")
    item_version_id = models.UUIDField(help_text="the version it began with, for ever")
    item_code = models.CharField(max_length=120)
    task_code = models.CharField(max_length=50, help_text="实施编码")
    task_name = models.CharField(max_length=1000)
    project_type = models.CharField(max_length=1, default="2", help_text="1 即办件, 2 承诺件")
    department_id = models.UUIDField(help_text="the department that decides")
    division = models.CharField(max_length=12)

    applicant_kind = models.CharField(max_length=10, choices=[("person", "个人"), ("company", "单位")])
    applicant_id = models.UUIDField(null=True, help_text="person or company; null when not registered with us")
    applicant_person_id = models.UUIDField(null=True, help_text="the person who acts")
    applicant_name = models.CharField(max_length=200)
    applicant_number = EncryptedTextField(blank=True, help_text="ID number or uscc")
    applicant_index = models.CharField(max_length=32, blank=True, help_text="blind index of applicant_number")
    contact_phone = EncryptedTextField(blank=True)

    answers = EncryptedJSONField(default=dict)
    situation = models.JSONField(default=dict)
    delivery_wish = EncryptedJSONField(default=dict, help_text="way, and for post name, phone, address")

    state = models.CharField(max_length=12, choices=State.choices)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    suspended_from = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(help_text="when the (corrected) materials reached us; silence counts from it")
    accepted_at = models.DateTimeField(null=True)
    accepted_by_silence = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    answer_due_on = models.DateField(help_text="last day to accept, refuse or ask for corrections")
    promise_due_on = models.DateField(null=True)
    statutory_due_on = models.DateField(null=True)
    due_certain = models.BooleanField(default=True, help_text="false while the calendar of those days is not announced")
    warn_on = models.DateField(help_text="first day of each lamp above green, by the clock that runs now")
    yellow_on = models.DateField()
    red_on = models.DateField()
    lamp = models.CharField(max_length=6, choices=Lamp.choices, default=Lamp.GREEN)
    lamp_floor = models.CharField(max_length=6, choices=Lamp.choices, default=Lamp.GREEN, help_text="never below this")
    lamp_note = models.CharField(max_length=200, blank=True)

    stage_key = models.CharField(max_length=60, default="accept")
    stage_name = models.CharField(max_length=60)
    holder_department_id = models.UUIDField(help_text="who has it now")
    holder_account_id = models.UUIDField(null=True, help_text="who took it")
    urgent_on = models.DateField(help_text="the nearest due date: the order of the worklist")
    is_open = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True, help_text="when the message that it was submitted went out")
    correction_count = models.PositiveSmallIntegerField(default=0)
    certificate_name = models.CharField(max_length=200, blank=True)
    certificate_no = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(  # and found by its beginning
                fields=["project_no"], opclasses=["varchar_pattern_ops"], name="one_case_per_number"
            ),
            models.CheckConstraint(name="case_open_until_closed", condition=Q(is_open=True) ^ Q(state="closed")),
            models.CheckConstraint(
                name="case_closed_with_result",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="case_accepted_or_before",
                condition=Q(state__in=[*UNACCEPTED, "closed"]) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_decision_has_day",
                condition=Q(result__in=DECIDED, decided_at__isnull=False)
                | ~Q(result__in=DECIDED) & Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_no_result_before_decision",
                condition=Q(state__in=["decided", "certifying", "delivering", "closed"]) | Q(result=""),
            ),
            models.CheckConstraint(
                name="case_suspended_from_somewhere", condition=Q(state="suspended") ^ Q(suspended_from="")
            ),
            models.CheckConstraint(
                name="case_applicant_is_known", condition=Q(applicant_id__isnull=False) | ~Q(applicant_index="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["department_id", "urgent_on", "id"], condition=Q(is_open=True), name="cases_open_worklist"
            ),
            models.Index(
                fields=["department_id", "urgent_on", "id"], condition=Q(is_open=False), name="cases_closed_worklist"
            ),
            # In the same order as a department's, and not to be taken for one: see `worklist`.
            models.Index(
                "is_open", F("urgent_on").asc(nulls_first=True), F("id").asc(nulls_first=True), name="cases_of_the_city"
            ),
            models.Index(fields=["applicant_id", "-id"], name="cases_of_applicant"),
            models.Index(fields=["applicant_id", "item_code", "-id"], name="cases_of_applicant_item"),
            models.Index(
                fields=["department_id", "is_open", "applicant_name"],
                opclasses=["uuid_ops", "bool_ops", "varchar_pattern_ops"],
                name="cases_by_name_of_department",
            ),
            models.Index(
                fields=["is_open", "applicant_name"],
                opclasses=["bool_ops", "varchar_pattern_ops"],
                name="cases_by_name_citywide",
            ),
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="cases_untold"),
            models.Index(Right("project_no", 12), name="cases_by_short_number"),
            # Each filter of the list of open cases in the order of that list: what is rare is found without walking past the rest.
            models.Index(
                fields=["department_id", "lamp", "urgent_on", "id"],
                condition=Q(is_open=True),
                name="cases_open_lamps",
                include=["state", "item_code", "division", "holder_account_id"],
            ),
            models.Index(
                fields=["lamp", "urgent_on", "id"], condition=Q(is_open=True), name="cases_open_lamps_citywide"
            ),
            models.Index(
                fields=["department_id", "state", "urgent_on", "id"],
                condition=Q(is_open=True),
                name="cases_open_states",
            ),
            models.Index(fields=["item_code", "urgent_on", "id"], condition=Q(is_open=True), name="cases_open_items"),
            models.Index(
                fields=["holder_account_id", "urgent_on", "id"],
                condition=Q(is_open=True, holder_account_id__isnull=False),
                name="cases_open_held",
            ),
            models.Index(fields=["applicant_id", "-id"], condition=Q(is_open=True), name="cases_open_of_applicant"),
            models.Index(
                fields=["item_code", "urgent_on", "id"], condition=Q(is_open=False), name="cases_closed_items"
            ),
            models.Index(
                fields=["department_id", "result", "urgent_on", "id"],
                condition=Q(is_open=False),
                name="cases_closed_results",
            ),
            # A closed case's `urgent_on` is the day it was closed; figures of a period are read from the index alone.
            models.Index(
                fields=["urgent_on"],
                condition=Q(is_open=False),
                name="cases_closed_days",
                include=["department_id", "item_code", "result"],
            ),
        ]

    def __str__(self) -> str:
        return self.project_no


class CaseMaterial(models.Model):
    """One material of a case: a file, paper, a promise to bring it (容缺), or a lawful reason why it is not needed."""

    class Way(models.TextChoices):
        """收取方式 of the national case library."""

        PAPER = "1", "纸质收取"
        UPLOAD = "2", "附件上传"
        SCAN = "3", "扫描"
        PROMISE = "4", "容缺后补"
        LICENCE = "5", "证照库"
        EARLIER = "6", "历史材料复用"
        WAIVED = "7", "免提交"
        FORM = "8", "网上填写生成"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="materials", db_index=False)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0, help_text="several files may make one material")
    way = models.CharField(max_length=1, choices=Way.choices)
    file_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=255, blank=True)
    copies = models.PositiveSmallIntegerField(default=1)
    promised_on = models.DateField(null=True, help_text="the last day to bring what was promised")
    waive_mode = models.CharField(max_length=1, blank=True)
    supplied_at = models.DateTimeField(null=True)
    licence_id = models.UUIDField(null=True, help_text="the version that stands for it, as it was handed in")
    licence_identifier = models.CharField(max_length=120, blank=True, help_text="证照标识 of that version")
    licence_version = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="material_licence_for_licences", condition=Q(way="5") | Q(licence_id=None, licence_identifier="")
            ),
            models.UniqueConstraint(fields=["case", "key", "position"], name="material_once"),
            models.CheckConstraint(
                name="material_file_for_file_ways", condition=~Q(way__in=["2", "3", "6"]) | Q(file_id__isnull=False)
            ),
            models.CheckConstraint(
                name="material_promise_has_day", condition=~Q(way="4") | Q(promised_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["promised_on"], condition=Q(way="4", supplied_at__isnull=True), name="promises_due")
        ]


class CaseStep(models.Model):
    """One desk's part of one stage (环节). Several parts of a stage work side by side; other departments give opinions."""

    class State(models.TextChoices):
        TODO = "todo", "待办"
        DONE = "done", "已办"
        DROPPED = "dropped", "不再需要"
        UNDONE = "undone", "已收回"  # taken back by whoever did it; what he wrote stays readable

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", db_index=False)
    stage_key = models.CharField(max_length=60)
    stage_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, help_text="review, decide, certify, deliver")
    round = models.PositiveSmallIntegerField(default=1, help_text="raised when the decider sends a case back")
    position = models.PositiveSmallIntegerField(default=0)
    department_id = models.UUIDField()
    post = models.CharField(max_length=20)
    hall = models.CharField(max_length=100, blank=True, help_text="at a counter of this hall")
    window = models.CharField(max_length=10, blank=True, help_text="number of the counter; empty: any of the hall")
    is_opinion = models.BooleanField(default=False, help_text="asked of another department (会办) or beside the flow")
    asking = models.ForeignKey(
        "cases.Asking", models.CASCADE, null=True, related_name="steps", db_index=False, help_text="会签, 加签"
    )
    named_account_id = models.UUIDField(null=True, help_text="only he may do it")
    state = models.CharField(max_length=8, choices=State.choices, default=State.TODO)
    account_id = models.UUIDField(null=True, help_text="who took it or did it")
    for_account_id = models.UUIDField(null=True, help_text="whom a deputy did it for")
    started_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, blank=True, help_text="agree, disagree, returned")
    opinion = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "stage_key", "round", "position"], name="step_once"),
            models.CheckConstraint(
                name="step_done_by_somebody",
                condition=~Q(state="done") | Q(finished_at__isnull=False, account_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["department_id", "due_on"], condition=Q(state="todo"), name="steps_waiting"),
            models.Index(
                fields=["named_account_id"],
                condition=Q(state="todo", named_account_id__isnull=False),
                name="steps_named",
            ),
            models.Index(
                fields=["department_id"], condition=Q(state="todo", is_opinion=True), name="steps_opinions_owed"
            ),
            models.Index(fields=["asking"], condition=Q(asking__isnull=False), name="steps_of_askings"),
            models.Index(fields=["hall", "window"], condition=Q(state="todo") & ~Q(hall=""), name="steps_at_counters"),
        ]


class CaseEvent(models.Model):
    """One line of what happened to a case, for the time line and the national process rows (办件过程). Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=30)
    stage_name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    account_id = models.UUIDField(null=True)
    for_account_id = models.UUIDField(null=True, help_text="whom a deputy acted for")
    department_id = models.UUIDField(null=True)
    until_on = models.DateField(null=True, help_text="the due date that this set, if it did")
    note = models.TextField(blank=True, help_text="words for the applicant")
    letter_id = models.UUIDField(null=True)
    is_public = models.BooleanField(default=True, help_text="shown to the applicant")
    before = models.JSONField(null=True, help_text="where the case was, when this may still be taken back")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="events_of_case")]
