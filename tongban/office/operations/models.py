"""Which processes of the house live, and what each says of its machine."""

from django.db import models


class Process(models.Model):
    """A process that says every half minute that it lives (心跳). One that has gone silent is forgotten after a day."""

    class Kind(models.TextChoices):
        WEB = "web", "网站"
        WORKER = "worker", "后台任务"
        BACKUP = "backup", "备份"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    host = models.CharField(max_length=64)
    pid = models.PositiveIntegerField(help_text="0: the one of its kind on this machine")
    version = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="by the database's clock")
    data = models.JSONField(default=dict, help_text="memory, disk, clock; of the backup what it carried last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "kind", "pid"], name="one_row_per_process")]
        indexes = [models.Index(fields=["seen_at"], name="processes_by_sign")]
