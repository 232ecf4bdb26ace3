"""Which articles ask what another one asks already: found by rare words, judged by ``articles.likeness``.

``keep`` is called wherever a title is saved; ``manage.py compare_questions`` makes all of it afresh.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from articles import likeness
from articles.models import Article, LikeQuestion, QuestionWord
from articles.states import LABELS, ArticleState

MOST_SHOWN = 5
"""Likely duplicates that are kept of one title and shown beside it: the likeliest."""

MOST_COMPARED = 200
"""Titles that share a rare word and are compared with one another; those that share most come first."""

UNFINISHED = frozenset(ArticleState) - {ArticleState.APPROVED, ArticleState.REJECTED}
"""States in which an editor should know that the question was asked before."""

ASKING = UNFINISHED - {ArticleState.UNDER_REVIEW}
"""Those in which the queue says so: nobody reviews it yet."""


@dataclass(frozen=True)
class Alike:
    """Another article with a like title; ``slug`` only of one that readers have, in the title that they have."""

    pk: int
    title: str
    state: str
    percent: int = 0
    slug: str = ""

    @property
    def state_label(self) -> str:
        return LABELS[ArticleState(self.state)]


def keep(article: Article) -> None:
    """Let the words and the likely duplicates follow the title. Inside the transaction that saves it."""
    found = likeness.words(article.title)
    stored = set(QuestionWord.objects.filter(article=article).values_list("word", flat=True))
    if found == stored:
        return
    QuestionWord.objects.filter(article=article, word__in=stored - found).delete()
    fresh = [QuestionWord(article=article, word=word) for word in sorted(found - stored)]
    QuestionWord.objects.bulk_create(fresh, ignore_conflicts=True)
    compare_again(article)


def compare_again(article: Article) -> None:
    """Which titles are like this one, today. Its words have been kept."""
    LikeQuestion.objects.filter(Q(article=article) | Q(other=article)).delete()
    pairs = [
        LikeQuestion(article_id=min(article.pk, other.pk), other_id=max(article.pk, other.pk), percent=other.percent)
        for other in like(article.title, without=article.pk)
    ]
    LikeQuestion.objects.bulk_create(pairs, ignore_conflicts=True)


def like(title: str, *, without: int | None = None) -> list[Alike]:
    """The likeliest among all articles, in whatever state: for editors. Two queries, however many articles."""
    rows = Article.objects.kept().exclude(pk=without)
    return _likeliest(title, rows, ("pk", "title", "state"))


def readers_have(title: str, *, without: int | None = None) -> list[Alike]:
    """The likeliest among what is on the site, by the titles that readers have: nothing else is told to authors."""
    rows = Article.objects.filter(publications__public_page__is_listed=True).exclude(pk=without)
    page = "publications__public_page__"
    return _likeliest(title, rows, ("pk", f"{page}title", "state", f"{page}slug"))


def of(pks: Iterable[int]) -> dict[int, list[Alike]]:
    """The likely duplicates that were kept of each of these articles, the likeliest first. One query."""
    wanted = set(pks)
    sides = ("article", "other")
    names = [f"{side}__{name}" for side in sides for name in ("pk", "title", "state")]
    rows = LikeQuestion.objects.filter(Q(article__in=wanted) | Q(other__in=wanted))
    rows = rows.filter(article__abandoned_at=None, other__abandoned_at=None).order_by("-percent", "pk")
    found: dict[int, list[Alike]] = defaultdict(list)
    for percent, *values in rows.values_list("percent", *names):
        one, other = Alike(*values[:3], percent), Alike(*values[3:], percent)
        for here, there in ((one, other), (other, one)):
            if here.pk in wanted and len(found[here.pk]) < MOST_SHOWN:
                found[here.pk].append(there)
    return found


def _likeliest(title: str, rows: QuerySet[Article], names: tuple[str, ...]) -> list[Alike]:
    asked = likeness.words(title)
    if not asked:
        return []
    known = _known(asked)
    found = []
    sharing = _sharing(rows.values_list(*names), likeness.telling(asked), known)
    for pk, other, state, *slug in sharing[:MOST_COMPARED]:
        judged = likeness.compare(asked, likeness.words(other), known=known)
        if judged.likely:
            found.append(Alike(pk, other, state, round(judged.score * 100), *slug))
    return sorted(found, key=lambda alike: (-alike.percent, alike.pk))[:MOST_SHOWN]


def _known(words: Iterable[str]) -> dict[str, int]:
    """In how many titles each word stands, counted no further than ``likeness.COMMON``. One query."""
    parts, values = [], []
    for word in sorted(words):
        rows = QuestionWord.objects.filter(word=word).values("article_id")
        rows = rows.order_by("article_id")[: likeness.COMMON]  # why: in the index's own order, so that it is used
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
        parts.append(f"SELECT %s, COUNT(*) FROM ({sql}) AS counted")
        values += [word, *params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def _sharing(rows: QuerySet[Article], words: frozenset[str], known: Mapping[str, int]) -> Any:
    """Those that share a rare word, the most shared first; where every word is common, those that share all."""
    rare = [word for word in words if known.get(word, 0) < likeness.COMMON]
    if rare:
        found = rows.filter(question_words__word__in=rare).alias(shared=Count("question_words"))
        return found.order_by("-shared", "-pk")
    for word in sorted(words):
        rows = rows.filter(question_words__word=word)
    return rows.order_by("-pk")
