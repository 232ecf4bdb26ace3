"""The front page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles.models import PublicPage
from articles.reader import answers, shell

LISTED = 100


@answers.reading
def home(request: HttpRequest) -> HttpResponse:
    """What is live, the newest first."""
    rows = PublicPage.objects.filter(is_listed=True).order_by("-published_at", "-pk")[: LISTED + 1]
    pages = [
        {
            "title": row.title,
            "slug": row.slug,
            "short_answer": row.short_answer,
            "reviewers_line": row.review_line,
            "reviewed_on": row.last_reviewed,
            "topics": row.topics,
        }
        for row in rows.only("title", "slug", "short_answer", "review_line", "last_reviewed", "topics", "published_at")
    ]
    main = render_to_string(
        "articles/reader/home.html",
        {"pages": pages[:LISTED], "more": len(pages) > LISTED, "site_name": settings.SITE_NAME},
    )
    return answers.page(shell.document(main, title="", path="/"))
