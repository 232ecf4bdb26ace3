"""Search, and what a search box suggests."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models.article import Audience
from articles.reader import answers, shell
from articles.reader.search import finding, marking, questions, suggesting
from articles.reader.search.facets import OVERDUE, YEAR, Facets, Narrowing, facets, narrowed
from articles.reader.search.finding import Found
from articles.reader.search.ranking import Ranked

A_PAGE, MOST = 10, 100
UNSAID = "private, no-store"
"""What somebody asks is about their health: no cache between may keep it."""


@answers.reading
def search(request: HttpRequest) -> HttpResponse:
    """Articles that speak of what is asked, the most fitting first."""
    wanted = _narrowing(request)
    found = finding.find(request.GET.get("q", ""), audience=wanted.audience)
    today = answers.today()
    audiences = finding.audiences_of([each.slug for each in found.articles]) if found.articles else {}
    hits = narrowed(found.articles, wanted, audiences, today)
    page = _page_number(request, len(hits[:MOST]))
    shown = hits[:MOST][(page - 1) * A_PAGE : page * A_PAGE]
    context = {
        "q": found.asked,
        "found": found,
        "count": len(hits),
        "is_thin": not found.answers,
        "results": _results(found, shown, wanted),
        "choices": _choices(found, wanted, facets(found.articles, wanted, audiences, today)),
        "is_narrowed": wanted != Narrowing(),
        "all_url": _url(found.asked, Narrowing()),
        "ask_url": f"/ask/?{urlencode({'q': found.asked})}",
        "before_url": _url(found.asked, wanted, page - 1) if page > 1 else "",
        "after_url": _url(found.asked, wanted, page + 1) if page * A_PAGE < len(hits[:MOST]) else "",
    }
    main = render_to_string("articles/reader/search.html", context)
    title = _("Search: %(q)s") % {"q": found.asked} if found.asked else _("Search")
    return unsaid(answers.page(shell.document(main, title=title, index=False)))


@answers.reading
def suggest(request: HttpRequest) -> HttpResponse:
    """For the search box while somebody types."""
    found, meant = suggesting.suggestions(request.GET.get("q", ""))
    titles = [{"title": title, "url": f"/articles/{slug}/"} for title, slug in found]
    return unsaid(JsonResponse({"suggestions": titles, "meant": meant}))


def unsaid(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = UNSAID
    return response


def _narrowing(request: HttpRequest) -> Narrowing:
    audience, fresh = request.GET.get("for", ""), request.GET.get("fresh", "")
    return Narrowing(
        topic=questions.cleaned(request.GET.get("topic", ""))[:100],
        audience=audience if audience in Audience.values else "",
        fresh=fresh if fresh in (YEAR, OVERDUE) else "",
    )


def _page_number(request: HttpRequest, count: int) -> int:
    """From 1 to the last page there is, whatever was asked for."""
    asked = request.GET.get("page", "")[:4]
    number = int(asked) if asked.isascii() and asked.isdecimal() else 1
    return max(1, min(number, (count + A_PAGE - 1) // A_PAGE))


def _results(found: Found, shown: list[Ranked], wanted: Narrowing) -> list[dict[str, Any]]:
    entries = finding.entries([each.passages[0].passage.pk for each in shown]) if shown else {}
    slots = found.meant.slots
    today = answers.today()
    results = []
    for each in shown:
        entry = entries.get(each.passages[0].passage.pk)
        if entry is None:
            continue
        due = each.page["next_review_due"]
        results.append(
            {
                "title": marking.marked(each.title, slots),
                "url": f"/articles/{each.slug}/" + (f"?for={wanted.audience}" if wanted.audience else ""),
                "heading": entry.heading,
                "snippet": marking.snippet(entry.text, slots),
                "reviewers_line": each.page["review_line"],
                "reviewed_on": each.page["last_reviewed"],
                "overdue_since": due if due is not None and due < today else None,
                "topics": each.page["topics"],
            }
        )
    return results


def _choices(found: Found, wanted: Narrowing, counted: Facets) -> list[dict[str, Any]]:
    """The facets as links: each value under the other choices that are made, the chosen one leading back."""
    audiences = [(value, label, counted.audiences.get(value, 0)) for value, label in Audience.choices]
    fresh = [
        (YEAR, _("Reviewed within a year"), counted.fresh.get(YEAR, 0)),
        (OVERDUE, _("Review overdue"), counted.fresh.get(OVERDUE, 0)),
    ]
    groups = [
        (_("Topic"), "topic", counted.topics),
        (_("Written for"), "audience", audiences),
        (_("Reviewed"), "fresh", fresh),
    ]
    return [
        {"label": label, "values": values}
        for label, name, counts in groups
        if (
            values := [
                _choice(found, wanted, name, *each) for each in counts if each[2] or _is_chosen(wanted, name, each[0])
            ]
        )
    ]


def _choice(found: Found, wanted: Narrowing, name: str, value: str, label: str, count: int) -> dict[str, Any]:
    chosen = _is_chosen(wanted, name, value)
    target = Narrowing(**{**vars(wanted), name: "" if chosen else value})
    return {"label": label, "count": count, "is_chosen": chosen, "url": _url(found.asked, target)}


def _is_chosen(wanted: Narrowing, name: str, value: str) -> bool:
    return bool(getattr(wanted, name) == value)


def _url(q: str, wanted: Narrowing, page: int = 1) -> str:
    values = {"q": q, "topic": wanted.topic, "for": wanted.audience, "fresh": wanted.fresh}
    kept = {name: value for name, value in values.items() if value or name == "q"}
    return f"/search/?{urlencode(kept | ({'page': str(page)} if page > 1 else {}))}"
