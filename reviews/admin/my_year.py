"""“Your reviews of a year”: a member's own list, to print or to take along. Nobody else's exists here."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial import clock
from editorial.models import BoardMember
from editorial.registry import Page, add_page
from reviews.admin.metrics import as_file
from reviews.metrics import mine
from reviews.metrics.tables import as_csv

YEARS = range(1990, 2201)


def this_year(request: HttpRequest) -> HttpResponse:
    member = _own(request)
    year = clock.day_in(member.user.zone, clock.now()).year
    return HttpResponseRedirect(reverse("admin:my_year", args=[year]))


def my_year(request: HttpRequest, year: int) -> HttpResponse:
    member = _own(request)
    _known(year)
    today = clock.day_in(member.user.zone, clock.now())
    lines = mine.signed_in(member, year)
    context = admin.site.page_context(
        request,
        title=_("Your reviews of %(year)s") % {"year": year},
        member=member,
        year=year,
        years=sorted({today.year, year, *mine.years_of(member)}, reverse=True),
        lines=lines,
        count=sum(not line.voided for line in lines),
        today=today,
        running=year == today.year,
    )
    return TemplateResponse(request, "admin/reviews/my_year.html", context)


def my_year_csv(request: HttpRequest, year: int) -> HttpResponse:
    member = _own(request)
    _known(year)
    return as_file(as_csv(mine.table(mine.signed_in(member, year))), f"reviews-{year}.csv")


def _own(request: HttpRequest) -> BoardMember:
    """Also of somebody who left the board and still enters the desk: what they did there stays theirs."""
    member = BoardMember.objects.select_related("user").filter(user=request.user.pk).first()
    if member is None:
        raise Http404
    return member


def _known(year: int) -> None:
    if year not in YEARS:
        raise Http404


add_page(Page("reviews/mine/", this_year, "my_reviews"))
add_page(Page("reviews/mine/<int:year>/", my_year, "my_year"))
add_page(Page("reviews/mine/<int:year>.csv", my_year_csv, "my_year_csv"))
