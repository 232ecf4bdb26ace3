import secrets
from typing import ClassVar

from django.db import models


class AuditEvent(models.Model):
    """One thing that was done. The body's bytes and the previous hash make the hash; rows never change."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    body = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    # Copies of what the body says, so that pages can look events up; `verify` compares them.
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, db_index=True)

    GENESIS: ClassVar[str] = "0" * 64

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class AuditHead(models.Model):
    """The one row that says where the chain ends. Locked last by every verb, so that the chain never forks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=AuditEvent.GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"head {self.sequence}"


def fresh_salt() -> str:
    return secrets.token_hex(32)


class PersonalText(models.Model):
    """Free text about a person. The chain holds a salted commitment, so the text can be erased."""

    text = models.TextField()
    salt = models.CharField(max_length=64, default=fresh_salt)
    written_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"text {self.pk}"


class HandledRequest(models.Model):
    """A form's own number, kept with what it did: the same form sent twice acts once."""

    request = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    actor = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verb} {self.request}"
