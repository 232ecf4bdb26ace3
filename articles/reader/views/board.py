"""The advisory board: who serves on it, and each member's own page."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.reader import answers, listing, people, shell

LISTED = 300
"""Members on one page; a board has a few dozen."""


@answers.reading
def board(request: HttpRequest) -> HttpResponse:
    """Who serves today, by specialty."""
    today = answers.today()
    rows = list(people.serving(today)[: LISTED + 1])
    members = [people.shown(row, today) for row in rows[:LISTED]]
    context = {"groups": people.by_specialty(members), "most": LISTED if len(rows) > LISTED else 0}
    main = render_to_string("articles/reader/board.html", context)
    return answers.page(shell.document(main, title=_("Our advisory board"), path="/board/"))


@answers.reading
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """One member. Whoever doesn't serve any more has a page while readers have a text that they signed."""
    today = answers.today()
    row = people.with_page(today).filter(slug=slug).first()
    if row is None:
        return answers.not_found(request)
    articles = listing.of(row.pages.all(), request)
    context = {"member": people.shown(row, today), "articles": articles}
    main = render_to_string("articles/reader/member.html", context)
    path = f"/board/{slug}/"
    return answers.page(shell.document(main, title=row.name, path=path, index=articles.is_first))
