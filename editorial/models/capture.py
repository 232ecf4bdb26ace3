from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeCapture(models.Model):
    """One changed row of a watched table, written by the database itself: which, when, by whose account; no values.

    Stands outside the chain, so that writing it waits for nobody. ``verify`` asks of each what explains it.
    """

    class Operation(models.TextChoices):
        INSERT = "I", _("added")
        UPDATE = "U", _("changed")
        DELETE = "D", _("deleted")
        TRUNCATE = "T", _("emptied")

    table = models.CharField(max_length=63)
    row = models.CharField(max_length=64, blank=True)
    operation = models.CharField(max_length=1, choices=Operation)
    columns = models.JSONField(default=list)
    transaction = models.BigIntegerField(db_index=True)
    at = models.DateTimeField(help_text="When the transaction began; with its number it names it for good.")
    role = models.CharField(max_length=63)
    actor = models.CharField(max_length=40, blank=True, help_text="Whom the application said it acted for.")

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class CaptureCheck(models.Model):
    """How far captures were looked through: all transactions below this number had ended by then."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    below = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_capture_check")]

    def __str__(self) -> str:
        return f"below {self.below}"


class UnexplainedChange(models.Model):
    """One transaction that changed watched rows and left no event: what a chief editor has to look into."""

    transaction = models.BigIntegerField()
    began_at = models.DateTimeField()
    role = models.CharField(max_length=63)
    changes = models.PositiveIntegerField(help_text=_("How many rows it changed."))
    rows = models.JSONField(default=list, help_text=_("The first of them: table, row, what was done, columns."))
    found_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)

    SHOWN: ClassVar[int] = 20

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = _("change past the desk")
        verbose_name_plural = _("changes past the desk")
        constraints = [models.UniqueConstraint(fields=["transaction", "began_at"], name="one_row_a_transaction")]
        indexes = [
            models.Index(
                fields=["began_at"], name="changes_to_look_into", condition=models.Q(acknowledged_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"transaction {self.transaction}"

    @property
    def subject(self) -> str:
        """How audit events name this transaction."""
        return f"transaction:{self.transaction}"

    @property
    def stamp(self) -> str:
        """Changes when it is acknowledged, and when more of it is found."""
        return f"{self.changes}.{self.acknowledged_at}"

    @property
    def stamp_label(self) -> str:
        return str(_("acknowledged") if self.acknowledged_at else _("not looked into"))
