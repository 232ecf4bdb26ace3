"""Cards of the desk's home page: first what waits for this very person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock, tallies
from editorial.admin.verbs import article_url
from editorial.models import User
from editorial.registry import Card, add_cards
from editorial.roles import is_author, is_board, is_editor
from reviews import desk, objection_conditions
from reviews.admin import by_hand
from reviews.admin.queue import next_act
from reviews.queue import counting
from reviews.queue.named import VIEWS, Moment
from reviews.queue.rows import rows_of, with_standing

SHOWN, OF_A_VIEW = 8, 5


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
    empty = _("Nothing waits for you. Thank you.")
    yield Card(_("Your reviews"), items, count=owed.count(), empty=empty, weight=1, name="your-reviews")
    waiting = [o for o in desk.adjudications_for(user)[:SHOWN] if objection_conditions.may_adjudicate(o, user, now=now)]
    if waiting:
        items = [
            {"title": o.article.title, "url": reverse("admin:objection", args=[o.pk, "adjudicate"]), "meta": str(o)}
            for o in waiting
        ]
        yield Card(_("Objections to adjudicate"), items, count=len(items), weight=2)


def editor_cards(user: User) -> Iterable[Card]:
    if not is_editor(user):
        return
    at, views = Moment(clock.now()), VIEWS[1:]
    all_late = by_hand.url_for(), _("Remind them all")
    first = counting.firsts(user, at.now, views, OF_A_VIEW)
    counts = counting.counts(user, at.now, views)
    rows = with_standing(desk.articles().filter(pk__in={pk for pks in first.values() for pk in pks}))
    shown = rows_of(rows, user, at)
    items = {row["article"].pk: _waiting(row) for row in shown}
    for weight, view in enumerate(views, start=10):
        yield Card(
            view.label,
            [items[pk] for pk in first[view.name]],
            count=tallies.shown(counts[view.name]),
            url=f"{reverse('admin:queue')}?view={view.name}",
            empty=view.empty,
            weight=weight,
            foot=all_late if view.name == "overdue" and len(first["overdue"]) > 1 else (),
        )


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    """One article of a view: whom it waits for, for what, and since when."""
    article, turn = row["article"], row["turn"]
    late = turn.act == "remind"
    remind = {"url": by_hand.url_for(*row["late"]), "label": _("Remind"), "who": turn.who}
    said = f"{capfirst(turn.who)}: {turn.what}" if turn.who else _since(article)
    return {
        "title": article.title,
        "url": article_url(article) if late else next_act(row)["url"],
        "meta": f"{said}; {row['reminded']}" if late and row["reminded"] else said,
        "badge": {"state": "", "kind": "bad", "label": _("Overdue")} if late else None,
        "action": remind if late and not row["wrote"] and not row["judges"] else None,
    }


def author_cards(user: User) -> Iterable[Card]:
    if not is_author(user) or is_editor(user):
        return
    rows = Article.objects.kept().filter(authors=user).order_by("-state_since")
    items = [
        {
            "title": article.title,
            "url": reverse("admin:articles_article_change", args=[article.pk]),
            "meta": _since(article),
            "badge": {"state": article.state, "label": article.state_label},
        }
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


def _since(article: Article) -> str:
    return _("since %(day)s") % {"day": clock.shown(article.state_since)}


add_cards(member_cards)
add_cards(editor_cards)
add_cards(author_cards)
