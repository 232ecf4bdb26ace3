"""The front page: what is promised, what there is, what is new, what was put right, and who signs."""

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles.models import PublicNotice, PublicPage
from articles.reader import answers, listing, people, shell

NEW, NOTICES, TOPICS, MEMBERS = 8, 5, 24, 6


@answers.reading
def home(request: HttpRequest) -> HttpResponse:
    """Four queries, however much is published."""
    today = answers.today()
    named = list(listing.topics()[: TOPICS + 1])
    members = [people.shown(row, today) for row in people.serving(today)[: 4 * MEMBERS]]
    context = {
        "site_name": settings.SITE_NAME,
        "topics": named[:TOPICS],
        "has_more_topics": len(named) > TOPICS,
        "pages": _new(),
        "notices": _notices(),
        "members": [member for member in members if member["specialties"]][:MEMBERS],
    }
    main = render_to_string("articles/reader/home.html", context)
    return answers.page(shell.document(main, title="", path="/"))


def _new() -> list[dict[str, Any]]:
    rows = PublicPage.objects.filter(is_listed=True).order_by("-published_at", "-pk")[:NEW]
    return [listing.entry(row) for row in rows.only(*listing.FIELDS, "published_at")]


def _notices() -> list[PublicNotice]:
    """The last ones, with the title of the article as it stands now; none about a text that readers can't see."""
    page = PublicPage.objects.filter(slug=OuterRef("slug"), is_current=True)
    rows = PublicNotice.objects.annotate(
        article=Subquery(page.values("title")[:1]), status=Subquery(page.values("status")[:1])
    )
    return list(rows.filter(article__gt="").defer("main_html").order_by("-issued_at", "-pk")[:NOTICES])
