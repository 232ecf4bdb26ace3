"""What whoever judges a text doesn't learn before they sign, by mail or in the records: what others did there.

Nor do its authors get what is meant for its editors.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db.models import QuerySet
from django.urls import reverse

from articles.models import Article
from editorial.leaves import Away
from editorial.models import User
from editorial.once import once
from editorial.prepared import Prepared, anyone, prepared
from editorial.registry import Hidden
from reviews import decisions
from reviews.models import Objection, ReviewAssignment, ReviewComment
from reviews.states import AssignmentState

STEPS = ("withdraw", "adjudicate", "confirm")
"""The pages of an objection."""


@once
def hidden_from(user: User) -> Hidden:
    """Events about the rounds in which this person still owes a verdict, and mail about those articles."""
    rounds = [seat.round for seat in _owed_by(user).select_related("round__article")]
    if not rounds:
        return Hidden()
    articles = [round.article for round in rounds]
    objections = list(Objection.objects.filter(article__in=articles))
    comments = ReviewComment.objects.filter(article__in=articles).only("pk")
    panel = ReviewAssignment.objects.filter(round__in=rounds).only("pk", "state")  # without it each row asks for it
    return Hidden(
        subjects=frozenset(row.subject for row in (*rounds, *objections, *comments, *panel)),
        signed=frozenset(article.subject for article in articles),
        paths=_paths((article.pk for article in articles), (objection.pk for objection in objections)),
    )


def paths_hidden_from(user: User) -> frozenset[str]:
    """The paths alone of what ``hidden_from`` says, for less: every page asks for them."""
    articles = [pk for (pk,) in _articles_owed().rows(user)]
    objections = Objection.objects.filter(article__in=articles).order_by() if articles else Objection.objects.none()
    return _paths(articles, objections.values_list("pk", flat=True))


@cache
def _articles_owed() -> Prepared:
    return prepared(_owed_by(anyone()).order_by().values_list("round__article"))


def _owed_by(user: User) -> QuerySet[ReviewAssignment]:
    return ReviewAssignment.objects.held_by(user).exclude(state=AssignmentState.COMPLETED)


def _paths(articles: Iterable[int], objections: Iterable[int]) -> frozenset[str]:
    """Of the articles' pages and of what is done about their objections."""
    steps = {reverse("admin:objection", args=[pk, step]) for pk in objections for step in STEPS}
    return frozenset(steps | {decisions.path_of(pk) for pk in articles})


def barred(articles: Iterable[int]) -> dict[int, set[int]]:
    """By article, the users to whom nothing goes that is meant for its editors: its authors, and its open panel."""
    found: dict[int, set[int]] = defaultdict(set)
    pks = list(articles)
    authors = Article.authors.through.objects.filter(article__in=pks).values_list("article", "user")
    seats = ReviewAssignment.objects.at_work().filter(round__article__in=pks)
    for article, user in (*authors, *seats.values_list("round__article", "member__user")):
        found[article].add(user)
    return found


def addressed(article: Article, *, now: datetime, editor: bool = True, chiefs: bool = False) -> list[User]:
    """Whom news of an article are for: its ``editor`` or their deputy, and the ``chiefs``; nobody who is barred.

    Where nobody else is left, the chief editors who aren't; and all of them when there is none, since somebody has to
    know.
    """
    away = Away(now)
    others = barred([article.pk])[article.pk]
    meant = [*(away.for_editor(article.handling_editor) if editor else ()), *(away.chiefs if chiefs else ())]
    for people in (meant, away.chiefs):
        told = {user.pk: user for user in people if user.pk not in others}
        if told:
            return list(told.values())
    return away.chiefs
