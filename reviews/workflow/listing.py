"""Rounds at a pace: editors put submitted articles on a list, and the clock opens so many of them a week.

Locks are taken in one order everywhere: the article, then the desk's pace, then places on the list.
"""

from datetime import datetime

from django.db.models import F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from articles.models import Article
from articles.states import ArticleState
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import record, verb
from reviews import conditions, listing_conditions, matching, waiting_list
from reviews.models import ReviewRound, RoundPace, WaitingRound
from reviews.models.waiting import MOST_A_WEEK
from reviews.workflow import by_clock
from reviews.workflow.keeping import kept_panel
from reviews.workflow.off_the_list import drop_stale, end
from reviews.workflow.rounds import open_round, rule_for
from reviews.workflow.seating import due_day, tell_editors

MOST_LOOKED_AT = 200
"""Places that the clock looks at in one run, from the top."""

WAYS = ("top", "up", "down")


@verb
def list_round(article: Article, *, actor: User, now: datetime) -> Article:
    """Put a triaged article at the end of the list."""
    listing_conditions.may_list(article, actor, now=now).enforce()
    _locked_pace()
    drop_stale(article, now=now)
    last = WaitingRound.objects.filter(ended_at=None).aggregate(last=Max("place"))["last"]
    entry = WaitingRound.objects.create(
        article=article,
        submitted_at=article.submitted_at,
        place=(last or 0) + 1,
        listed_at=now,
        listed_by=actor,
    )
    record("article.round_listed", article.subject, place=entry.place, digest=article.frozen_digest)
    return article


@verb
def unlist_round(article: Article, *, actor: User, now: datetime) -> Article:
    """Take it off the list; an editor chooses its panel again."""
    listing_conditions.may_unlist(article, actor).enforce()
    end(waiting_list.entry_of(article), article, WaitingRound.Ended.TAKEN_OFF, now=now)
    return article


@verb
def reorder_round(article: Article, *, actor: User, now: datetime, way: str) -> Article:
    """One place up or down, or to the top. At the end of the way it stays where it is."""
    if way not in WAYS:
        raise Refused(_("It can be moved up, down or to the top."))
    listing_conditions.may_reorder(article, actor).enforce()
    _locked_pace()
    entry = waiting_list.entry_of(article)
    others = WaitingRound.objects.standing().exclude(pk=entry.pk)
    if way == "top":
        first = others.aggregate(first=Min("place"))["first"]
        if first is None or first > entry.place:
            return article
        entry.place = first - 1
        entry.save(update_fields=["place"])
    elif not _swapped(entry, others.filter(_beyond(entry, way)), way):
        return article
    record("article.round_moved_on_list", article.subject, way=way)
    return article


def _beyond(entry: WaitingRound, way: str) -> Q:
    side = "lt" if way == "up" else "gt"
    return Q(**{f"place__{side}": entry.place}) | Q(place=entry.place, **{f"pk__{side}": entry.pk})


def _swapped(entry: WaitingRound, beyond: QuerySet[WaitingRound], way: str) -> bool:
    neighbour = beyond.last() if way == "up" else beyond.first()
    if neighbour is None:
        return False
    entry.place, neighbour.place = neighbour.place, entry.place
    WaitingRound.objects.bulk_update([entry, neighbour], ["place"])
    return True


@verb
def set_pace(row: RoundPace, *, actor: User, now: datetime, a_week: int, paused: bool) -> RoundPace:
    """How many rounds the clock opens in a week, and whether it opens any."""
    listing_conditions.may_set_pace(actor).enforce()
    if not 1 <= a_week <= MOST_A_WEEK:
        raise Refused(_("Between 1 and %(most)s rounds a week; to open none, pause it.") % {"most": MOST_A_WEEK})
    row.a_week, row.paused, row.changed_at = a_week, paused, now
    row.save()
    record("pace.set", row.subject, a_week=a_week, paused=paused)
    return row


@verb
def open_in_its_week(article: Article, *, actor: User, now: datetime) -> ReviewRound | None:
    """The clock opens the round of an article that waits, with the panel that matching proposes now.

    Returns nothing where it waits no more, this week's rounds are opened, or no panel can be filled: then the
    article stays on the list with the reason, and its editors are told once.
    """
    if actor.kind != User.Kind.SYSTEM:
        raise Refused(_("Only the clock does this. Open the round yourself instead."))
    row = _locked_pace()
    entry = waiting_list.entry_of(article)
    if entry is None or not waiting_list.left_today(now, row):
        return None
    allowed = conditions.may_open_round(article, actor, now=now)
    if not allowed:
        return _not_opened(article, entry, allowed.reason, now=now)
    found = _proposed(article, entry, now=now)
    if found.lacking:
        return _not_opened(article, entry, "; ".join(found.lacking), now=now)
    members, alternates = ([match.member for match in part] for part in (found.required, found.alternates))
    end(entry, article, WaitingRound.Ended.OPENED, now=now)
    return open_round(article, actor=actor, now=now, members=members, alternates=alternates)


@verb
def drop_from_list(article: Article, *, actor: User, now: datetime) -> Article:
    """The clock takes off what was withdrawn, submitted again or moved on otherwise."""
    drop_stale(article, now=now)
    return article


def open_what_waits(*, now: datetime) -> int:
    """What the clock does: clear the list of what moved on, then open this week's rounds in their order.

    One article that fails never stops the others. Returns how many rounds were opened.
    """
    for article in Article.objects.filter(_moved_on()):
        by_clock.done(drop_from_list, article, now=now)
    opened = 0
    left = waiting_list.left_today(now)
    if not left:
        return 0
    for entry in WaitingRound.objects.standing().select_related("article")[:MOST_LOOKED_AT]:
        if opened == left:
            break
        opened += by_clock.done(open_in_its_week, entry.article, now=now) is not None
    return opened


def _moved_on() -> Q:
    waits = Q(state=ArticleState.SUBMITTED, submitted_at=F("waiting_rounds__submitted_at"), abandoned_at=None)
    return Q(waiting_rounds__ended_at=None, waiting_rounds__isnull=False) & ~waits


def _locked_pace() -> RoundPace:
    """The desk's pace, locked: one at a time changes the list, or opens rounds from it."""
    RoundPace.objects.get_or_create(pk=1)
    return RoundPace.objects.select_for_update().get(pk=1)


def _proposed(article: Article, entry: WaitingRound, *, now: datetime) -> matching.Proposal:
    """The best panel today, that of the last round before others; whoever put it on the list doesn't sit."""
    rule = rule_for(article, now=now)
    due = due_day(now.date(), rule["review_days"])
    board = matching.matches(article, rule=rule, due=due, now=now)
    others = [match for match in board if match.member.user_id != entry.listed_by_id]
    return matching.propose(rule, others, keep=kept_panel(article).required)


def _not_opened(article: Article, entry: WaitingRound, reason: str, *, now: datetime) -> None:
    """Keep why; record each new reason, and tell the editors the first time."""
    if entry.problem == reason:
        return
    record("article.round_not_opened", article.subject, reason=reason)
    if entry.told_at is None:
        text = _("“%(title)s” waits for its week and its round couldn't be opened: %(why)s.")
        tell_editors(article, text % {"title": article.title, "why": reason.rstrip(".")}, now=now)
        entry.told_at = now
    entry.problem = reason
    entry.save(update_fields=["problem", "told_at"])
