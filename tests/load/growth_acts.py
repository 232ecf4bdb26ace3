"""What is done again and again in installations of every size: the pages that people open, and the verbs they use."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.test import Client

from articles.models import Article, PublicPage, PublicTopic
from articles.states import ArticleState
from editorial.models import User
from editorial.roles import Role
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState
from tests.desk import Person, checked

DEEP = 25
"""Pages to turn before the deep page."""

LIST, PAGE, VERB = "list", "page", "verb"


@dataclass(frozen=True)
class Act:
    """``steps()`` gives what is timed; what it does to get there isn't."""

    name: str
    kind: str
    steps: Callable[[], Iterable[Callable[[], Any]]]


def all_acts() -> list[Act]:
    """For the people and articles of this installation: those in the middle of their lists."""
    reader = Client()
    desk = [*_queue(_somebody(Role.EDITOR)), *_board(_somebody(Role.BOARD)), *_rest()]
    return [*desk, *_readers(reader), *_verbs()]


def _somebody(role: Role) -> Person:
    people = User.objects.filter(groups__name=role.value).order_by("pk")
    return Person(people[people.count() // 2].username)


def _get(name: str, client: Client, path: str, kind: str = LIST) -> Act:
    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return Act(name, kind, lambda: [ask])


def _queue(editor: Person) -> Iterator[Act]:
    queue = "/admin/queue/"
    views = ("open", "overdue", "decide", "triage", "panel", "answers", "reviews", "drafts", "re-review")
    for view in views:
        yield _get(f"queue: {view}", editor.client, f"{queue}?view={view}")
    yield _get("queue: open, due first", editor.client, f"{queue}?view=open&sort=due")
    yield _get("queue: open, by title", editor.client, f"{queue}?view=open&sort=title")
    yield _get("queue: open, mine", editor.client, f"{queue}?view=open&editor=mine")
    yield _get("queue: search, a word in many titles", editor.client, f"{queue}?q=gout")
    yield _get("queue: search, a word in few titles", editor.client, f"{queue}?q={_rare_word()}")
    yield _get(f"queue: open, page {DEEP + 1}", editor.client, _deep(editor.client, f"{queue}?view=open"))
    yield _get("editor's home", editor.client, "/admin/")
    yield _get("articles (the whole list)", editor.client, "/admin/articles/article/")
    yield _get("published versions (the whole list)", editor.client, "/admin/articles/publication/")
    yield _get("desk search, a word in many titles", editor.client, "/admin/search/?q=gout")
    yield _get("desk search, a word in few titles", editor.client, f"/admin/search/?q={_rare_word()}")
    article = Article.objects.filter(state=ArticleState.APPROVED).order_by("pk")
    middle = article[article.count() // 2]
    yield _get("an article at the desk", editor.client, f"/admin/articles/article/{middle.pk}/change/", PAGE)


def _board(member: Person) -> Iterator[Act]:
    yield _get("member's home (Your reviews)", member.client, "/admin/")
    seat = ReviewAssignment.objects.filter(member__user__username=member.username).order_by("pk").last()
    assert seat is not None
    yield _get("a review page", member.client, seat.get_absolute_url(), PAGE)
    yield _get("desk search by a member", member.client, "/admin/search/?q=gout")


def _rest() -> Iterator[Act]:
    chief, author = _somebody(Role.CHIEF), _somebody(Role.AUTHOR)
    yield _get("chief's home", chief.client, "/admin/")
    yield _get("author's home", author.client, "/admin/")
    yield _get("metrics", chief.client, "/admin/metrics/")
    yield _get("metrics: the board", chief.client, "/admin/metrics/board/")


def _readers(reader: Client) -> Iterator[Act]:
    topic, page = PublicTopic.objects.order_by("pk")[3], PublicPage.objects.filter(is_listed=True).order_by("pk")
    middle = page[page.count() // 2]
    for name, path in {
        "reader: an article": middle_path(middle),
        "reader: home": "/",
        "reader: a topic": f"/topics/{topic.slug}/",
        "reader: search, a common word": "/search/?q=gout",
        "reader: search, a question": f"/search/?q={_rare_word()}+for+knee+osteoarthritis",
        "reader: feed": "/feeds/articles.atom",
        "reader: history of an article": f"{middle_path(middle)}history/",
    }.items():
        yield _get(name, reader, path, LIST if "search" in name or "home" in name or "topic" in name else PAGE)


def middle_path(page: PublicPage) -> str:
    return f"/articles/{page.slug}/"


def _rare_word() -> str:
    """The remedy that an article in the middle asks about."""
    articles = Article.objects.order_by("pk")
    found = re.search(r"[A-Z]\w+mab", articles[articles.count() // 2].title)
    assert found
    return found[0]


def _deep(client: Client, path: str) -> str:
    """The page after so many others, by the links on them."""
    begin = path
    for number in range(DEEP):
        found = re.search(r"[?&;]after=([^\"&]+)", client.get(path).text)
        assert found, f"the list ends with page {number + 1}"
        path = f"{begin}&after={found[1]}"
    return path


def _verbs() -> Iterator[Act]:
    drafts = iter(Article.objects.filter(state=ArticleState.DRAFT, publications=None).order_by("pk"))
    unopposed = ReviewAssignment.objects.filter(round__article__objections=None)
    waiting = unopposed.filter(
        state=AssignmentState.ACCEPTED, round__closed_at=None, round__article__state=ArticleState.UNDER_REVIEW
    ).annotate(
        others=Count("round__assignments", filter=Q(round__assignments__state=AssignmentState.COMPLETED)),
        seats=Count("round__assignments"),
    )
    lasts = iter(waiting.filter(others=1, seats=2).order_by("pk"))
    yield Act("submit", VERB, lambda: _submission(next(drafts)))
    yield Act("last signature, approval, publication", VERB, lambda: _approval(next(lasts)))


def _submission(article: Article) -> Iterator[Callable[[], Any]]:
    author = Person(article.authors.get().username)
    url = f"/admin/articles/article/{article.pk}/verb/submit/"
    yield _sent(author, url, author.fields(url, having="stamp"))


def _approval(seat: ReviewAssignment) -> Iterator[Callable[[], Any]]:
    """The last signature, and the editor's confirmation, which approves and publishes."""
    member, article = Person(seat.member.user.username), seat.round.article
    assert article.handling_editor is not None
    editor = Person(article.handling_editor.username)
    url, confirm = seat.get_absolute_url(), f"/admin/articles/article/{article.pk}/verb/confirm/"
    declared = member.fill(url, having="disclosure", answer="none")
    assert declared.status_code == 302, declared.text
    answers = {**checked(seat.round), "verdict": "approve", "password": PASSWORD, "sign": "1"}
    yield _sent(member, url, {**member.fields(url, having="password"), **answers})
    yield _sent(editor, confirm, {**editor.fields(confirm, having="stamp"), "password": PASSWORD})
    assert Article.objects.get(pk=article.pk).state == ArticleState.APPROVED


def _sent(person: Person, url: str, fields: dict[str, Any]) -> Callable[[], Any]:
    data = {name: value for name, value in fields.items() if value is not None}

    def send() -> None:
        answer = person.client.post(url, data)
        assert answer.status_code == 302, (url, answer.status_code, answer.text)

    return send
