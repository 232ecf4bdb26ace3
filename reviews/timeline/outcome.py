"""What a verb just did to an article: what happened, who is told and when, what comes next and whose turn it is."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import conditions
from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.models import OutboxMessage, User
from editorial.registry import Outcome
from editorial.roles import is_chief
from reviews.queue import rows
from reviews.queue.named import Moment
from reviews.queue.turns import Turn, turn_of
from reviews.timeline import mails, reading
from reviews.timeline.case import Case, case_of
from reviews.timeline.entries import Entry

_LIVE, _HELD, _RETIRED = gettext_lazy("On the site"), gettext_lazy("On hold"), gettext_lazy("Retired")
ON_THE_SITE = {
    "publication.hold": (_LIVE, _HELD),
    "publication.lift": (_HELD, _LIVE),
    "publication.retire": (_LIVE, _RETIRED),
}
"""From where to where these move the page."""


def of(before: Any, user: User, now: datetime) -> Outcome | None:
    """Read from the events and the mails of that instant; ``before`` is the row as it was.

    Nothing for what is no article, or where nothing was recorded.
    """
    if not isinstance(before, Article):
        return None
    article = (
        Article.objects.defer("frozen_snapshot", "frozen_html")
        .select_related("handling_editor")
        .prefetch_related("authors")
        .get(pk=before.pk)
    )
    case = case_of(article, user)
    entries = reading.at(case, now)
    written = list(_written(article, now))
    if not entries and not written:
        return None
    turn = Turn() if article.abandoned_at else turn_after(case, now)
    return Outcome(
        lines=tuple(dict.fromkeys(_line(entry) for entry in entries)),
        moved=tuple(_moved(before, article, entries)),
        told=tuple(dict.fromkeys(_told(case, written, now))),
        turn=_next(turn) if conditions.may_see(article, user) or case.seat_of(user.pk) else "",
        yours=turn.who == user.shown_name or (turn.who == _("a chief editor") and is_chief(user)),
    )


def _written(article: Article, now: datetime) -> Iterable[OutboxMessage]:
    rows = OutboxMessage.objects.filter(subject=article.subject, created_at=now)
    return rows.select_related("recipient").order_by("pk")


def _moved(before: Article, article: Article, entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """The state of the article, and that of the page where it moved alone."""
    if before.state != article.state:
        yield before.state_label, article.state_label
    yield from (ON_THE_SITE[entry.kind] for entry in entries if entry.kind in ON_THE_SITE)


def turn_after(case: Case, now: datetime) -> Turn:
    """Whose turn it is, without a reviewer's name for whoever may not know it."""
    at = Moment(now)
    article, panel = rows.stands(case.article)
    wait = at.listed.waits.get(article.pk) if article.state == ArticleState.SUBMITTED else None
    return turn_of(rows.standing_of(article, panel, at, tells=case.is_named, named=case.is_named, wait=wait))


def whose_turn(article: Article, user: User, now: datetime) -> str:
    """The same for the article's own page."""
    return "" if article.abandoned_at else _next(turn_after(case_of(article, user), now))


def _line(entry: Entry) -> str:
    return f"{entry.title}: {entry.detail}" if entry.detail else entry.title


def _next(turn: Turn) -> str:
    if not turn.who:
        return _("Nothing waits for anybody now.")
    said = _("%(who)s: %(what)s") % {"who": capfirst(turn.who), "what": turn.what}
    return _("%(said)s, by %(day)s") % {"said": said, "day": clock.shown(turn.due_on)} if turn.due_on else said


def _told(case: Case, written: Iterable[OutboxMessage], now: datetime) -> Iterator[str]:
    """Editors read who gets which mail and when; others which roles do."""
    for message in written:
        if case.is_named or message.recipient_id == case.user.pk:
            yield _("%(who)s: %(kind)s, %(when)s") % {
                "who": message.recipient.shown_name if message.recipient_id != case.user.pk else _("You"),
                "kind": mails.label(message).lower(),
                "when": _when(message, case.user, now),
            }
        else:
            yield _role(case, message.recipient)


def _when(message: OutboxMessage, user: User, now: datetime) -> str:
    if message.not_before <= now:
        return _("at once")
    local = message.not_before.astimezone(user.zone)
    return _("on %(day)s, %(time)s") % {"day": clock.shown(local.date()), "time": f"{local:%H:%M}"}


def _role(case: Case, recipient: User) -> str:
    if recipient.pk in case.authors:
        return _("The authors")
    if recipient.pk == case.article.handling_editor_id:
        return _("The handling editor")
    if case.seat_of(recipient.pk) is not None:
        return _("The reviewers")
    return _("The chief editors") if is_chief(recipient) else _("The editors")
