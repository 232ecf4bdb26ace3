"""Cards of the desk's home page: first what waits for this very person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock
from editorial.models import User
from editorial.registry import Card, add_cards
from editorial.roles import is_author, is_board, is_editor
from reviews import conditions, desk, reminded
from reviews.admin import by_hand
from reviews.models import ReviewAssignment

SHOWN = 8


def member_cards(user: User) -> Iterable[Card]:
    if not is_board(user):
        return
    now = clock.now()
    owed = desk.reviews_of(user)
    items = [
        {
            "title": seat.round.article.title,
            "url": seat.get_absolute_url(),
            "meta": _("due %(day)s") % {"day": f"{seat.review_on.day} {seat.review_on:%B %Y}"},
            "badge": {"state": "", "kind": "bad", "label": _("Overdue")} if seat.is_overdue(now) else None,
        }
        for seat in owed[:SHOWN]
    ]
    yield Card(_("Your reviews"), items, count=owed.count(), empty=_("Nothing waits for you. Thank you."), weight=1)
    waiting = [o for o in desk.adjudications_for(user)[:SHOWN] if conditions.may_adjudicate(o, user, now=now)]
    if waiting:
        items = [
            {"title": o.article.title, "url": reverse("admin:objection", args=[o.pk, "adjudicate"]), "meta": str(o)}
            for o in waiting
        ]
        yield Card(_("Objections to adjudicate"), items, count=len(items), weight=2)


def editor_cards(user: User) -> Iterable[Card]:
    if not is_editor(user):
        return
    now = clock.now()
    overdue = desk.overdue_reviews(now, editor=user)
    last = reminded.last_of(seat.pk for seat in overdue[:SHOWN]) if overdue else reminded.Last()
    yield Card(
        _("Overdue reviews"),
        [_overdue(seat, last.words(seat.pk, user.zone)) for seat in overdue[:SHOWN]],
        count=len(overdue),
        url=by_hand.url_for(),
        link=_("Remind them all") if len(overdue) > 1 else "",
        empty=_("No review is late."),
        weight=10,
    )
    yield unsatisfiable_card(user)
    for weight, (title, rows, action, empty) in enumerate(_views(user), start=11):
        items = [_row(article, action) for article in rows[: SHOWN + 1]]
        yield Card(
            title, items[:SHOWN], count=rows.count() if len(items) > SHOWN else len(items), empty=empty, weight=weight
        )


def _overdue(seat: ReviewAssignment, last: str) -> dict[str, Any]:
    who = seat.member.user.shown_name
    since = _("%(who)s, since %(day)s") % {"who": who, "day": clock.shown(seat.review_on)}
    return {
        "title": seat.round.article.title,
        "url": reverse("admin:articles_article_change", args=[seat.round.article_id]),
        "meta": f"{since}; {last}" if last else since,
        "badge": {"state": "", "kind": "bad", "label": _("Overdue")},
        "action": {"url": by_hand.url_for(seat.pk), "label": _("Remind"), "who": who},
    }


def unsatisfiable_card(user: User) -> Card:
    rows = desk.unsatisfiable().exclude(pk__in=ReviewAssignment.objects.held_by(user).values("round"))
    items = [
        {
            "title": round.article.title,
            "url": reverse("admin:articles_article_change", args=[round.article_id]),
            "meta": round.unsatisfiable,
        }
        for round in rows[: SHOWN + 1]
    ]
    count = rows.count() if len(items) > SHOWN else len(items)
    empty = _("Every panel can still bring its approvals.")
    return Card(_("Unsatisfiable"), items[:SHOWN], count=count, empty=empty, weight=10)


def author_cards(user: User) -> Iterable[Card]:
    if not is_author(user) or is_editor(user):
        return
    rows = Article.objects.kept().filter(authors=user).order_by("-state_since")
    items = [
        {**_row(article, None), "badge": {"state": article.state, "label": article.state_label}}
        for article in rows[:SHOWN]
    ]
    yield Card(
        _("Your articles"),
        items,
        count=rows.count(),
        url=reverse("admin:articles_article_changelist"),
        empty=_("You have none yet. Add one, or import a file."),
        weight=5,
    )


def _views(user: User) -> list[tuple[Any, Any, Any, Any]]:
    """What tells of verdicts leaves out the articles that this person judges: they learn of others' with their own."""
    judged = ReviewAssignment.objects.held_by(user).values("round__article")
    objections, ready = (rows.exclude(pk__in=judged) for rows in (desk.objection_open(), desk.ready_to_decide()))
    return [
        (_("Objection open"), objections, None, _("No safety objection stands.")),
        (_("Quorum lost"), desk.quorum_lost(), None, _("No live page has lost its quorum.")),
        (_("Full review owed"), desk.full_review_owed(), None, _("No urgent version waits for its full panel.")),
        (_("On hold"), desk.on_hold(), None, _("Nothing is off the site.")),
        (_("Ready to decide"), ready, None, _("Nothing waits for an editor's decision.")),
        (_("Needs triage"), desk.needs_triage(), "triage", _("Everything submitted has been triaged.")),
        (_("Needs a panel"), desk.needs_panel(), "open_round", _("Every triaged article has its panel.")),
        (_("Waiting for answers"), desk.waiting_for_answers(), None, _("Everybody who was asked has answered.")),
        (_("Waiting for reviews"), desk.waiting_for_reviews(), None, _("No panel is at work.")),
        (_("With the author"), desk.with_author(), None, _("Nothing waits for an author.")),
        (_("Drafts"), desk.drafts(), None, _("There is no draft.")),
    ]


def _row(article: Article, action: str | None) -> dict[str, Any]:
    since = article.state_since
    url = reverse("admin:articles_article_change", args=[article.pk])
    if action:
        url = reverse("admin:articles_article_verb", args=[article.pk, action])
    return {"title": article.title, "url": url, "meta": _("since %(day)s") % {"day": f"{since.day} {since:%B %Y}"}}


add_cards(member_cards)
add_cards(editor_cards)
add_cards(author_cards)
