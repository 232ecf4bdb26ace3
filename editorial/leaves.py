"""An editor's days away, and who gets what is meant for them. Board members have absences: ``membership``."""

from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from editorial import clock
from editorial.conditions import Condition, Refused, unless
from editorial.models import Leave, User
from editorial.roles import Role, chiefs, is_editor
from editorial.verbs import record, verb

LONGEST_DAYS = 366


def may_take_leave(user: User, actor: User) -> Condition:
    return unless(user.pk == actor.pk, _("Only editors themselves say when they are away.")) & unless(
        is_editor(actor), _("Only editors enter a leave here.")
    )


def may_deputise(user: User) -> "list[User]":
    """Who can decide for ``user`` while they are away: every other editor who can sign in."""
    rows = User.objects.filter(
        groups__name__in=[Role.EDITOR, Role.CHIEF], is_active=True, kind=User.Kind.PERSON
    ).exclude(pk=user.pk)
    return list(rows.distinct().order_by("last_name", "first_name", "pk"))


@verb
def add_leave(
    user: User, *, actor: User, now: datetime, first_day: date, last_day: date, deputy: User | None = None
) -> User:
    """Away from ``first_day`` to ``last_day``, both included. Raises Refused in words for days that can't be."""
    may_take_leave(user, actor).enforce()
    if last_day < first_day:
        raise Refused(_("The last day lies before the first."))
    if last_day < clock.day_in(user.zone, now):
        raise Refused(_("That leave is over already. Enter one that lasts until today or later."))
    if (last_day - first_day).days >= LONGEST_DAYS:
        raise Refused(_("A leave lasts a year at most. Enter a longer one in parts."))
    if deputy is not None and deputy.pk == user.pk:
        raise Refused(_("Nobody is their own deputy. Choose somebody else."))
    if deputy is not None and deputy.pk not in {other.pk for other in may_deputise(user)}:
        raise Refused(_("A deputy must be another editor who can sign in."))
    known = user.leaves.filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if known is not None:
        days = {"first": clock.shown(known.first_day), "last": clock.shown(known.last_day)}
        raise Refused(_("You are away from %(first)s to %(last)s already. End that leave first.") % days)
    leave = Leave.objects.create(user=user, first_day=first_day, last_day=last_day, deputy=deputy)
    data = {"leave": leave.pk, "first_day": first_day, "last_day": last_day}
    record("leave.added", user.subject, **data, deputy=str(deputy.uuid) if deputy else "")
    return user


@verb
def end_leave(user: User, *, actor: User, now: datetime, leave: Leave) -> User:
    """Back early: yesterday was the last day away. One that hasn't lasted a day yet is taken out."""
    may_take_leave(user, actor).enforce()
    today = clock.day_in(user.zone, now)
    row = Leave.objects.filter(pk=leave.pk, user=user).first()
    if row is None or row.last_day < today:
        raise Refused(_("This leave has ended already."))
    if row.first_day >= today:
        row.delete()
    else:
        row.last_day = today - timedelta(days=1)
        row.save(update_fields=["last_day"])
    record("leave.ended", user.subject, leave=leave.pk, on=today)
    return user


class Away:
    """Who is away at one instant, each by their own calendar, and who stands in. Read once, however many are asked."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def leaves(self) -> dict[int, Leave]:
        """The leaves that hold now, by the user who took them."""
        day = self.now.date()
        near = Leave.objects.filter(first_day__lte=day + timedelta(days=1), last_day__gte=day - timedelta(days=1))
        rows = near.select_related("user", "deputy__mail_preferences")
        return {row.user_id: row for row in rows if row.covers(clock.day_in(row.user.zone, self.now))}

    @cached_property
    def chiefs(self) -> list[User]:
        return chiefs()

    def deputy(self, user: User) -> User | None:
        """Who decides for ``user``; None when they are there, or nobody can.

        One step at most: a deputy who is away too, can't sign in or is no editor any more passes nothing on to theirs.
        """
        leave = self.leaves.get(user.pk)
        deputy = leave.deputy if leave is not None else None
        usable = deputy is not None and is_editor(deputy) and deputy.pk not in self.leaves
        return deputy if usable else None

    def for_editor(self, editor: User | None) -> list[User]:
        """Who gets what is meant for this editor. Never empty while there is a chief editor.

        Their deputy while they are away. With no deputy who can, they get it themselves and the chief editors as well:
        somebody who is there has to see it. Without an editor who can sign in, the chief editors alone.
        """
        if editor is None or not editor.is_active:
            return self.chiefs
        if editor.pk not in self.leaves:
            return [editor]
        deputy = self.deputy(editor)
        return [deputy] if deputy else [editor, *(chief for chief in self.chiefs if chief.pk != editor.pk)]


def for_editor(editor: User | None, now: datetime) -> "list[User]":
    """Who gets what is meant for this editor at ``now``: see ``Away``."""
    return Away(now).for_editor(editor)


def said_of(editor: User, now: datetime) -> str:
    """One sentence for whoever looks for this editor while they are away; else an empty text."""
    away = Away(now)
    leave = away.leaves.get(editor.pk)
    if leave is None:
        return ""
    names = {"name": editor.shown_name, "day": clock.shown(leave.last_day)}
    deputy = away.deputy(editor)
    if deputy is None:
        return _("%(name)s is away until %(day)s; the chief editors get the mail too.") % names
    return _("%(name)s is away until %(day)s; %(deputy)s decides meanwhile.") % {**names, "deputy": deputy.shown_name}
