"""How a membership ends, and what becomes of the seats: they pass on, and what was signed stays on record.

Articles are locked before the member's row, in the order of their numbers.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import Group
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.states import ArticleState
from editorial import audit, outbox
from editorial.conditions import Condition, MovedOn, Refused, no, unless
from editorial.models import BoardMember, Credential, PersonalText, User
from editorial.registry import PeopleHooks
from editorial.roles import Role, chiefs, is_board, is_chief, roles_of
from editorial.verbs import record, save, verb, work
from reviews.models import ManualReminder, ReminderDispatch, ReviewAssignment, ReviewDraft
from reviews.reminders.dispatching import ByHand
from reviews.states import OPEN, AssignmentState
from reviews.workflow.passing import vacate

IN_PROGRESS = (
    ArticleState.DRAFT,
    ArticleState.SUBMITTED,
    ArticleState.UNDER_REVIEW,
    ArticleState.CHANGES_REQUESTED,
)


def may_leave(member: BoardMember, user: User) -> Condition:
    """Members themselves; or a chief editor writes down that somebody left."""
    if member.user_id != user.pk and not is_chief(user):
        return no(_("Only members themselves, or a chief editor, may do this."))
    return unless(_is_on_board(member), _("This membership has ended already."))


def may_strike_off(member: BoardMember, user: User) -> Condition:
    return (
        unless(is_chief(user), _("Only a chief editor strikes a member off."))
        & unless(member.user_id != user.pk, _("Nobody strikes themselves off. Leave the board, or ask another chief."))
        & unless(member.struck_off_at is None, _("This member was struck off already."))
    )


def leave_board(
    member: BoardMember,
    *,
    actor: User,
    now: datetime | None = None,
    reason: str = "",
    request: UUID | None = None,
    expected: str | None = None,
) -> BoardMember:
    """The membership ends today; open seats pass on, and whatever was signed stays as it is."""
    with work(actor=actor, now=now) as running:
        pass_on(member.user, reason="left the board", actor=running.actor, now=running.now)
        return _leave(member, actor=actor, reason=reason, request=request, expected=expected)


def strike_off(
    member: BoardMember,
    *,
    actor: User,
    now: datetime | None = None,
    reason: str,
    request: UUID | None = None,
    expected: str | None = None,
) -> BoardMember:
    """The membership ends at once and for cause; what they signed under current versions waits for a chief editor.

    Works on somebody who left too: what they signed is looked at all the same.
    """
    with work(actor=actor, now=now) as running:
        pass_on(member.user, reason="struck off the board", actor=running.actor, now=running.now)
        return _strike_off(member, actor=actor, reason=reason, request=request, expected=expected)


@verb
def _leave(member: BoardMember, *, actor: User, now: datetime, reason: str) -> BoardMember:
    may_leave(member, actor).enforce()
    _end_membership(member, reason, actor=actor, now=now, kind="member.left")
    _tell_chiefs(member, _("%(who)s left the editorial board."), but=actor, now=now)
    return member


@verb
def _strike_off(member: BoardMember, *, actor: User, now: datetime, reason: str) -> BoardMember:
    may_strike_off(member, actor).enforce()
    if not reason.strip():
        raise Refused(_("Give the reason in a sentence or two."))
    member.struck_off_at = now
    _end_membership(member, reason, actor=actor, now=now, kind="member.struck_off")
    _tell_chiefs(member, _("%(who)s was struck off the editorial board."), but=actor, now=now)
    text = _("Your membership of the editorial board has ended. The chief editors can tell you more.")
    outbox.write("news", member.user, now=now, text=text, path="/")
    return member


def pass_on(user: User, *, reason: str, actor: User, now: datetime) -> None:
    """Every open seat of this person is released; ``reason`` goes into the record and names nobody."""
    with work(actor=actor, now=now):
        for seat in _open_seats(user):
            vacate(seat, "release", reason=reason, actor=actor, now=now)


def what_ends(member: BoardMember) -> list[str]:
    """What to know before a membership ends: seats, and what the board loses."""
    seats = len(_open_seats(member.user))
    passing = ngettext("%(count)s open review passes on.", "%(count)s open reviews pass on.", seats)
    said = [passing % {"count": seats} if seats else _("No review is open.")]
    today = timezone.localtime().date()
    others = BoardMember.objects.filter(user__groups__name=Role.BOARD, user__is_active=True).exclude(pk=member.pk)
    if not others.exists():
        said.append(_("Nobody else is on the board: without it no article can be approved."))
    own = {credential.specialty for credential in member.valid_credentials(today)}
    held = Credential.objects.filter(Credential.valid(today), member__in=others).values_list("specialty", flat=True)
    for specialty in sorted(own, key=str):
        if specialty.pk not in set(held):
            text = _("Nobody else on the board has a valid credential in %(name)s.")
            said.append(text % {"name": specialty.name})
    kept = sorted(roles_of(member.user) - {Role.BOARD})
    if kept:
        text = _("Other roles stay (%(roles)s); they are taken away on the account's page.")
        said.append(text % {"roles": ", ".join(kept)})
    return said


def ties(user: User) -> Iterable[str]:
    """What this person must hand over before they can be erased."""
    under_way = Article.objects.kept().filter(state__in=IN_PROGRESS)
    seats = len(_open_seats(user))
    handled, written = under_way.filter(handling_editor=user).count(), under_way.filter(authors=user).count()
    if seats:
        yield _("They owe reviews (%(count)s): let them leave the board first.") % {"count": seats}
    if handled:
        yield _("They handle articles that are under way (%(count)s): give these to another editor first.") % {
            "count": handled
        }
    if written:
        yield _("They write articles that are under way (%(count)s): finish, abandon or reject these first.") % {
            "count": written
        }


def erase(user: User, *, now: datetime) -> None:
    """Wipe what this person wrote in confidence or was reminded with, and why they gave seats back.

    Reviews and comments stay.
    """
    written = PersonalText.objects.filter(erased_at=None)
    own = written.filter(pk__in=_texts_of(user, "declaration__details")) | written.filter(
        pk__in=_texts_of(user, "reviews__private_note")
    )
    notes = ManualReminder.objects.filter(Q(sent_by=user) | Q(assignment__member__user=user)).exclude(note=None)
    own |= written.filter(pk__in=notes.values("note"))
    named = ReminderDispatch.objects.filter(skip_reason__startswith=f"{user.shown_name} reminded them")
    named.update(skip_reason=ByHand.PLAIN)
    PersonalText.objects.filter(pk__in=list(own.values_list("pk", flat=True))).update(text="", salt="", erased_at=now)
    seats = ReviewAssignment.objects.filter(member__user=user)
    seats.filter(state__in=[AssignmentState.DECLINED, AssignmentState.RECUSED]).update(reason="")
    ReviewDraft.objects.filter(assignment__member__user=user).delete()


HOOKS = PeopleHooks(pass_on=pass_on, ties=ties, erase=erase)


def _texts_of(user: User, path: str) -> list[int]:
    rows = ReviewAssignment.objects.filter(member__user=user).exclude(**{path: None})
    return list(rows.values_list(path, flat=True))


def _open_seats(user: User) -> list[ReviewAssignment]:
    rows = ReviewAssignment.objects.filter(member__user=user, state__in=sorted(OPEN))
    return list(rows.select_related("round__article").order_by("round__article", "pk"))


def _is_on_board(member: BoardMember) -> bool:
    return member.left_on is None and member.struck_off_at is None and is_board(User.objects.get(pk=member.user_id))


def _end_membership(member: BoardMember, reason: str, *, actor: User, now: datetime, kind: str) -> None:
    """Role, membership and reason; the caller has passed the seats on, before this row was locked."""
    if _open_seats(member.user):
        raise MovedOn(_("A seat was given out in this very moment. Look again, then decide."))
    text = PersonalText.objects.create(text=reason, written_at=now) if reason.strip() else None
    member.departure = text or member.departure
    member.left_on = member.left_on or timezone.localtime(now).date()
    save(member, actor=actor, reason=kind.partition(".")[2].replace("_", " "))
    member.user.groups.remove(*Group.objects.filter(name=Role.BOARD))
    record(kind, member.subject, details=audit.commitment(text) if text else "")


def _tell_chiefs(member: BoardMember, text: str, *, but: User, now: datetime) -> None:
    path = reverse("admin:editorial_boardmember_change", args=[member.pk])
    for chief in chiefs():
        if chief.pk not in (but.pk, member.user_id):
            said = text % {"who": member.user.shown_name}
            outbox.write("news", chief, now=now, text=said, path=path, urgency="urgent")
