"""Asking the board to confirm what readers have, by an editor or in time by the clock."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles import workflow as bare
from articles.models import Article
from editorial import clock, outbox
from editorial.models import AuditEvent, BoardMember, User
from editorial.verbs import record, verb
from reviews import blindness, conditions, decisions, matching
from reviews.models import ReviewRound
from reviews.workflow.rounds import begin, panel, rule_for
from reviews.workflow.seating import due_day

SPARE = timedelta(days=14)
"""How much earlier than the panel's own time the clock asks: for a seat that passes on."""


@verb
def re_review(
    article: Article,
    *,
    actor: User,
    now: datetime,
    members: Sequence[BoardMember] = (),
    optional: Sequence[BoardMember] = (),
    alternates: Sequence[BoardMember] = (),
    note: str = "",
) -> ReviewRound:
    """A round over the published text, unchanged. A pass publishes a reaffirmed version; nothing is carried.

    Raises Refused naming everyone who isn't eligible, or what the panel could never bring.
    """
    conditions.may_re_review(article, actor, now=now).enforce()
    change_class = conditions.class_of_re_review(article)
    rule = rule_for(article, now=now, change_class=change_class)
    seats = panel(members, optional, alternates)
    round = begin(article, rule, actor=actor, now=now, seats=seats, note=note)
    bare.re_review(article, actor=actor, now=now, round=round.number, change_class=change_class)
    return round


@verb
def re_review_by_clock(article: Article, *, actor: User, now: datetime) -> ReviewRound | None:
    """Open the re-review of a page whose review day comes near; tell its editor once when no panel can.

    Returns nothing when it isn't time, or something else is under way.
    """
    due = is_due(article, now=now)
    if due is None or not conditions.may_re_review(article, actor, now=now):
        return None
    rule = rule_for(article, now=now, change_class=conditions.class_of_re_review(article))
    found = _proposed(article, rule, now=now)
    if found.lacking:
        _not_opened(article, due, "; ".join(found.lacking), now=now)
        return None
    members, alternates = ([match.member for match in part] for part in (found.required, found.alternates))
    note = _("The next review of this page is due by %(day)s.") % {"day": clock.shown(due)}
    return re_review(article, actor=actor, now=now, members=members, alternates=alternates, note=note)


def is_due(article: Article, *, now: datetime) -> date | None:
    """The review day of the live version when a round must begin to end by then, else nothing."""
    current = article_conditions.current_publication(article)
    if current is None or current.status != "live":
        return None
    rule = conditions.rule_for(article, now=now, change_class=conditions.class_of_re_review(article))
    if rule is None or not rule.policy.re_review_by_clock:
        return None
    near = due_day(now.date(), rule.review_days) + SPARE >= current.next_review_due
    return current.next_review_due if near else None


def _proposed(article: Article, rule: dict[str, Any], *, now: datetime) -> matching.Proposal:
    due = due_day(now.date(), rule["review_days"])
    return matching.propose(rule, matching.matches(article, rule=rule, due=due, now=now))


def _not_opened(article: Article, due: date, lacking: str, *, now: datetime) -> None:
    """Record it and tell the editor once for each review day; the clock asks every day."""
    last = AuditEvent.objects.filter(subject=article.subject, kind="article.re_review_not_opened")
    event = last.order_by("-sequence").first()
    if event is not None and json.loads(event.body)["data"]["due"] == due.isoformat():
        return
    record("article.re_review_not_opened", article.subject, due=due.isoformat(), reason=lacking)
    text = _("“%(title)s” is due for review and no panel can do it: %(lacking)s.")
    said = text % {"title": article.title, "lacking": lacking}
    for person in blindness.addressed(article, now=now):
        outbox.write("news", person, now=now, text=said, path=decisions.article_path(article))
