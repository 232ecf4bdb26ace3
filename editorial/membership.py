"""What members say about themselves: absences, load, interests, the line readers see. Each is a verb on the member."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from editorial import clock
from editorial.conditions import Condition, Refused, unless
from editorial.models import Absence, BoardMember, Credential, Interest, User
from editorial.roles import Role, is_board
from editorial.verbs import record, save, verb

WARN_DAYS = 60
"""How long before a credential's last day its holder is warned."""

COUNTS_MONTHS = 36
"""How long an interest counts after it ended (ICMJE's disclosure form)."""


def is_own(member: BoardMember, user: User) -> bool:
    return member.user_id == user.pk


def may_edit_own(member: BoardMember, user: User, *, today: date) -> Condition:
    return unless(is_own(member, user), _("Only members themselves say this.")) & unless(
        is_board(user) and member.is_serving(today), _("You are not on the board any more.")
    )


def may_cover(member: BoardMember, today: date) -> list[BoardMember]:
    """Who can stand in for ``member``: everybody else who serves."""
    rows = BoardMember.objects.filter(user__groups__name=Role.BOARD, user__is_active=True, struck_off_at=None)
    return [other for other in rows.exclude(pk=member.pk).select_related("user") if other.is_serving(today)]


@verb
def set_load_limit(member: BoardMember, *, actor: User, now: datetime, load_limit: int | None) -> BoardMember:
    may_edit_own(member, actor, today=now.date()).enforce()
    member.load_limit = load_limit
    return _saved(member, actor, "member.load_limit_set", load_limit=load_limit)


@verb
def describe(member: BoardMember, *, actor: User, now: datetime, affiliation: str, biography: str) -> BoardMember:
    """The line and the words that readers get. Signatures keep the affiliation they were given with."""
    may_edit_own(member, actor, today=now.date()).enforce()
    member.affiliation, member.biography = affiliation, biography
    return _saved(member, actor, "member.described", fields=["affiliation", "biography"])


@verb
def add_absence(
    member: BoardMember,
    *,
    actor: User,
    now: datetime,
    first_day: date,
    last_day: date,
    cover: BoardMember | None = None,
) -> BoardMember:
    """Away from ``first_day`` to ``last_day``, both included. Raises Refused in words for days that can't be."""
    today = clock.day_in(member.user.zone, now)
    may_edit_own(member, actor, today=now.date()).enforce()
    if last_day < today:
        raise Refused(_("That absence is over already. Enter one that lasts until today or later."))
    if (last_day - first_day).days > 366:
        raise Refused(_("An absence lasts a year at most. To stay away longer, leave the board or enter it in parts."))
    if cover is not None and cover.pk not in {other.pk for other in may_cover(member, now.date())}:
        raise Refused(_("Whoever covers must be another member who serves on the board."))
    absence = Absence(member=member, first_day=first_day, last_day=last_day, cover=cover)
    try:
        absence.full_clean()
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages)) from None
    absence.save()
    data = {"absence": absence.pk, "first_day": first_day, "last_day": last_day}
    record("member.absence_added", member.subject, **data, cover=str(cover.user.uuid) if cover else "")
    return member


@verb
def end_absence(member: BoardMember, *, actor: User, now: datetime, absence: Absence) -> BoardMember:
    """Back early: yesterday was the last day away. One that hasn't lasted a day yet is taken out."""
    may_edit_own(member, actor, today=now.date()).enforce()
    today = clock.day_in(member.user.zone, now)
    row = Absence.objects.filter(pk=absence.pk, member=member).first()
    if row is None or row.last_day < today:
        raise Refused(_("This absence has ended already."))
    if row.first_day >= today:
        row.delete()
    else:
        row.last_day = today - timedelta(days=1)
        row.save(update_fields=["last_day"])
    record("member.absence_ended", member.subject, absence=absence.pk, on=today)
    return member


@verb
def declare_interest(
    member: BoardMember,
    *,
    actor: User,
    now: datetime,
    nature: str,
    since: date,
    company: str = "",
    product: str = "",
    person: User | None = None,
    until: date | None = None,
) -> BoardMember:
    """Declare a competing interest. It is never taken back; it ends on a day."""
    may_edit_own(member, actor, today=now.date()).enforce()
    if not (company.strip() or product.strip() or person):
        raise Refused(_("Name the company, the product or the person it is about."))
    if person is not None and person.pk == member.user_id:
        raise Refused(_("An interest is in somebody else. Choose another person."))
    today = clock.day_in(member.user.zone, now)
    if since > today:
        raise Refused(_("An interest is declared from the day on which it begins, not ahead."))
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first."))
    interest = Interest(
        member=member, company=company, product=product, person=person, nature=nature, since=since, until=until
    )
    save(interest, actor=actor, reason="declared")
    record("member.interest_declared", member.subject, interest=interest.pk)
    return member


@verb
def end_interest(member: BoardMember, *, actor: User, now: datetime, interest: Interest, until: date) -> BoardMember:
    """Say on which day it ended. The row stays."""
    may_edit_own(member, actor, today=now.date()).enforce()
    row = Interest.objects.filter(pk=interest.pk, member=member).first()
    if row is None or row.until is not None:
        raise Refused(_("This interest has an end already."))
    if until < row.since:
        raise Refused(_("The last day lies before the first."))
    if until > clock.day_in(member.user.zone, now):
        raise Refused(_("Say it once it has ended: the day lies ahead."))
    row.until = until
    save(row, actor=actor, reason="ended")
    record("member.interest_ended", member.subject, interest=row.pk, until=until)
    return member


def credential_lines(member: BoardMember, *, today: date) -> list[dict[str, Any]]:
    """Each credential with what its holder should know of it."""
    return [
        {"credential": credential, **_standing(credential, today)}
        for credential in member.credentials.select_related("specialty")
    ]


def _standing(credential: Credential, today: date) -> dict[str, str]:
    days = (credential.expires_on - today).days
    if days < 0:
        return {
            "kind": "bad",
            "label": _("expired"),
            "advice": _("You can't sign with it. Send the editors the new one."),
        }
    if credential.verified_on is None or credential.verified_by_id is None:
        return {
            "kind": "warn",
            "label": _("not verified yet"),
            "advice": _("An editor checks it; until then it doesn't count."),
        }
    if days <= WARN_DAYS:
        return {"kind": "warn", "label": _("expires soon"), "advice": _("Send the editors the new one in time.")}
    return {"kind": "good", "label": _("valid"), "advice": ""}


def _saved(member: BoardMember, actor: User, kind: str, **data: object) -> BoardMember:
    save(member, actor=actor, reason=kind.partition(".")[2].replace("_", " "))
    record(kind, member.subject, **data)
    return member
