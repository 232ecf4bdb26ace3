"""A reader's question, answered with passages of published articles, word for word. Nothing is made up or stored."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models.article import Audience
from articles.reader import addresses, answers, shell
from articles.reader.search import finding
from articles.reader.search.finding import Found
from articles.reader.search.ranking import Ranked, Scored
from articles.reader.views.search import unsaid

MOST_PASSAGES, OF_ONE_ARTICLE = 5, 2
NEAR_THE_BEST = 0.55
"""A passage that answers less than this part of what the best one does isn't shown."""


@answers.reading
def ask(request: HttpRequest) -> HttpResponse:
    """``q``: the question; ``from``: the slug of the article it is asked from; ``for``: one audience's texts alone."""
    came_from = addresses.slug_in(request.GET.get("from", ""))
    audience = request.GET.get("for", "")
    audience = audience if audience in Audience.values else ""
    found = finding.find(request.GET.get("q", ""), audience=audience, reading=came_from)
    asked = {"q": found.asked, **({"from": came_from} if came_from else {})}
    context = {
        "q": found.asked,
        "found": found,
        "came_from": came_from,
        "audience": audience,
        "passages": _passages(found),
        "send_url": f"/ask/send/?{urlencode(asked)}",
        "search_url": f"/search/?{urlencode({'q': found.asked})}",
    }
    main = render_to_string("articles/reader/ask.html", context)
    title = _("Question: %(q)s") % {"q": found.asked} if found.asked else _("Ask a question")
    return unsaid(answers.page(shell.document(main, title=title, index=False)))


def _passages(found: Found) -> list[dict[str, Any]]:
    chosen = _chosen(found)
    entries = finding.entries([scored.passage.pk for _article, scored in chosen]) if chosen else {}
    today = answers.today()
    shown = []
    for article, scored in chosen:
        entry = entries.get(scored.passage.pk)
        if entry is None:
            continue
        due = article.page["next_review_due"]
        shown.append(
            {
                "title": article.title,
                "url": f"/articles/{article.slug}/" + (f"?for={entry.audience}" if entry.audience else ""),
                "anchor": entry.anchor,
                "heading": entry.heading or _("Short answer"),
                "kind": entry.kind,
                "written_for": Audience(entry.audience).label if entry.audience else "",
                "html": entry.html,
                "reviewers_line": article.page["review_line"],
                "reviewed_on": article.page["last_reviewed"],
                "overdue_since": due if due is not None and due < today else None,
            }
        )
    return shown


def _chosen(found: Found) -> list[tuple[Ranked, Scored]]:
    """Of each article that answers its best passages, the articles in their order."""
    answering = found.answers
    if not answering:
        return []
    best = max(article.passages[0].score for article in answering)
    chosen = [
        (article, scored)
        for article in answering
        for scored in article.passages[:OF_ONE_ARTICLE]
        if scored.score >= NEAR_THE_BEST * best
    ]
    return chosen[:MOST_PASSAGES]
