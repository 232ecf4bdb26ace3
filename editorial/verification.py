"""What `manage.py verify` checks of people: who was struck off, who joined, who was erased is what the events say."""

import json
from collections.abc import Iterable

from editorial.audit import Problem
from editorial.models import AuditEvent, BoardInvitation, BoardMember, User


def memberships() -> Iterable[Problem]:
    """Nobody is struck off, or back again, without an event: what they signed hangs on it."""
    rows = BoardMember.objects.exclude(struck_off_at=None).select_related("user")
    marked = {member.subject for member in rows.iterator(chunk_size=500)}
    said = _subjects("member.struck_off")
    yield from (Problem(subject, "marked as struck off, and no event says so") for subject in sorted(marked - said))
    yield from (Problem(subject, "was struck off, and isn't marked so") for subject in sorted(said - marked))


def invitations() -> Iterable[Problem]:
    """Each invitation counts as accepted exactly where its member joined by it."""
    rows = BoardInvitation.objects.exclude(accepted_at=None).values_list("uuid", flat=True)
    accepted = {str(uuid) for uuid in rows.iterator(chunk_size=500)}
    said = {_invitation(body) for body in _bodies("member.joined")} - {""}
    for uuid in sorted(accepted - said):
        yield Problem(f"editorial.BoardInvitation {uuid}", "accepted, and no event says so")
    for uuid in sorted(said - accepted):
        yield Problem(f"editorial.BoardInvitation {uuid}", "somebody joined by it, and it isn't accepted")


def erasures() -> Iterable[Problem]:
    """An erased account holds nothing personal, and only what the events say was erased is."""
    rows = User.objects.exclude(erased_at=None)
    erased = {f"user:{user.uuid}": user for user in rows.iterator(chunk_size=500)}
    said = _subjects("person.erased")
    for subject in sorted(erased.keys() ^ said):
        yield Problem(subject, "its erasure isn't what the events say")
    for subject, user in erased.items():
        if user.is_active or user.first_name or user.last_name or user.email:
            yield Problem(subject, "was erased, and holds personal data again")


def _bodies(kind: str) -> Iterable[str]:
    return AuditEvent.objects.filter(kind=kind).values_list("body", flat=True).iterator(chunk_size=500)


def _subjects(kind: str) -> set[str]:
    return set(AuditEvent.objects.filter(kind=kind).values_list("subject", flat=True))


def _invitation(body: str) -> str:
    """The invitation that an event names; nothing where it can't be read, which the walk of the chain reports."""
    try:
        return str(json.loads(body)["data"]["invitation"])
    except (ValueError, KeyError, TypeError):
        return ""
