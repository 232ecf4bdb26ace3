"""Reminding by hand: an editor chooses whom, sees each mail as it will be, adds a few words, and sends."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Article
from editorial import clock, composing, registry, shown_mail
from editorial.admin.choices import can_be_id
from editorial.admin.verbs import VerbForm, article_url, say_what_was_done
from editorial.composing import Mail
from editorial.conditions import Refused
from editorial.models import User
from editorial.registry import Action, Page
from editorial.roles import is_editor
from reviews import desk, reminded, seat_conditions, workflow
from reviews.models import ReviewAssignment
from reviews.workflow import reminding

MOST = 50
"""How many one page shows; the next ones come when these are done."""

NAMED = 5
"""How many articles a message names."""

LARGE = ("round__snapshot", "round__article__frozen_snapshot", "round__article__frozen_html")
GONE = gettext_lazy("One of the chosen seats isn't there any more. The others are below.")


class NoteForm(VerbForm):
    stamp = None  # why: each seat has its own
    note = forms.CharField(
        label=gettext_lazy("A few words of your own"),
        required=False,
        max_length=reminding.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("They stand in each of these mails, and nowhere else. Plain text."),
    )


@dataclass
class Row:
    """One seat on the page. Whoever may not edit its article isn't told whose it is: ``shown`` is False.

    ``refusal`` says why nobody is reminded, ``recent`` that somebody just was; ``failed`` why it wasn't done just now.
    """

    seat: ReviewAssignment
    shown: bool
    refusal: str
    recent: str = ""
    last: str = ""
    late: int = 0
    ticked: bool = False
    failed: str = ""
    mail: Mail | None = None
    waits: str = ""

    @property
    def stamp(self) -> str:
        return reminding.stamp(self.seat)


def url_for(*pks: int) -> str:
    """The page with these seats; without any, with all reviews that are late."""
    query = urlencode([("seat", pk) for pk in pks])
    return reverse("admin:remind") + (f"?{query}" if query else "")


def remind(request: HttpRequest) -> HttpResponse:
    """GET shows whom, since when and the mails; POST with ``look`` shows them with the note; POST alone sends."""
    if not is_editor(request.user):
        raise Http404
    now = clock.now()
    if request.method != "POST":
        seats, missing = _asked_for(request, now)
        form = NoteForm(initial={"request_id": uuid4()})
        return _page(request, form, _rows(seats, request.user, now), missing=missing, now=now)
    seats, missing = _found(request.POST.getlist("listed"))
    ticked = set(request.POST.getlist("seat")) | set(request.POST.getlist("again"))
    form = NoteForm(request.POST)
    failed: dict[int, Refused] = {}
    valid = form.is_valid()
    if valid and "look" not in request.POST:
        chosen = [seat for seat in seats if str(seat.pk) in ticked]
        if not chosen and not missing:
            form.add_error(None, _("Nobody is ticked, so nobody was reminded."))
        failed = _send(request, form, chosen, now=now)
        if chosen and not failed and not missing:
            return HttpResponseRedirect(_back(chosen))
        ticked = {str(pk) for pk in failed}
    rows = _rows(seats, request.user, now, ticked=ticked, failed=failed)
    status = next((refused.status for refused in failed.values()), 200 if form.is_valid() else 422)
    return _page(request, form, rows, missing=missing, now=now, status=status)


def _page(
    request: HttpRequest, form: NoteForm, rows: list[Row], *, missing: bool, now: datetime, status: int = 200
) -> HttpResponse:
    if missing:
        messages.warning(request, GONE)
    note = (form.cleaned_data.get("note") or "") if form.is_bound and hasattr(form, "cleaned_data") else ""
    for row in rows:
        if row.ticked:
            row.mail, row.waits = _as_sent(row.seat, note, by=request.user, now=now)
    context = admin.site.page_context(
        request,
        title=_("Remind"),
        form=form,
        rows=[row for row in rows if not row.refusal],
        skipped=[row for row in rows if row.refusal],
        mails=[row for row in rows if row.mail],
    )
    response = TemplateResponse(request, "admin/reviews/remind.html", context, status=status)
    policy = {"style-src": [shown_mail.style_source()]}
    response._csp_update = policy  # why: what a frame has in its srcdoc is under this page's policy
    return response


def _asked_for(request: HttpRequest, now: datetime) -> tuple[list[ReviewAssignment], bool]:
    if "seat" in request.GET:
        return _found(request.GET.getlist("seat"))
    return _found([str(seat.pk) for seat in desk.overdue_reviews(now, editor=request.user)[:MOST]])


def _found(given: Iterable[str]) -> tuple[list[ReviewAssignment], bool]:
    """The seats of these ids, and whether some of them are missing or can't be ids."""
    wanted = list(dict.fromkeys(given))[:MOST]
    pks = {int(value) for value in wanted if value and can_be_id(value)}
    rows = ReviewAssignment.objects.select_related("round__article", "member__user__mail_preferences", "specialty")
    seats = list(rows.defer(*LARGE).filter(pk__in=pks).order_by("review_on", "pk"))
    return seats, len(seats) < len(wanted)


def _rows(
    seats: list[ReviewAssignment],
    user: User,
    now: datetime,
    *,
    ticked: set[str] | None = None,
    failed: dict[int, Refused] | None = None,
) -> list[Row]:
    """Takes as many queries for fifty as for one. On a fresh page everybody is ticked who wasn't reminded lately."""
    facts = reminded.facts_of(seats, user)
    rows = []
    for seat in seats:
        edits = seat_conditions.edits(seat.round.article, user, facts)
        if not edits:
            rows.append(Row(seat, False, edits.reason))
            continue
        refusal = seat_conditions.may_remind(seat, user, now=now, again=True, facts=facts).reason
        recent = "" if refusal else seat_conditions.not_just_reminded(seat, user, facts, now).reason
        row = Row(seat, True, refusal, recent)
        if seat.is_open and not seat.is_waiting_alternate:
            row.last, row.late = facts.last.words(seat.pk, user.zone), seat.days_late(now)
        row.ticked = not refusal and (not recent if ticked is None else str(seat.pk) in ticked)
        row.failed = failed[seat.pk].reason if failed and seat.pk in failed else ""
        rows.append(row)
    return rows


def _as_sent(seat: ReviewAssignment, note: str, *, by: User, now: datetime) -> tuple[Mail, str]:
    """The mail as the sender would make it now, and when it leaves if that isn't at once."""
    _notice, message = reminding.mail(seat, by=by, now=now)
    item = replace(composing.item(message), details={"note": note.strip()})
    local = message.not_before.astimezone(seat.member.user.zone)
    waits = "" if message.not_before <= now else f"{clock.shown(local.date())}, {local:%H:%M}"
    return composing.rendered([item], seat.member.user), waits


def _send(request: HttpRequest, form: NoteForm, chosen: list[ReviewAssignment], *, now: datetime) -> dict[int, Refused]:
    """Remind each in a transaction of its own, and say who was. Returns why the others weren't, by seat."""
    number: UUID = form.cleaned_data["request_id"]
    again = set(request.POST.getlist("again"))
    sent, failed = [], {}
    before = [copy.copy(article) for article in _articles(chosen).values()]
    for seat in chosen:
        try:
            workflow.remind(
                seat.round.article,
                actor=request.user,
                now=now,
                request=uuid5(number, str(seat.pk)),
                assignment=seat,
                note=form.cleaned_data["note"],
                again=str(seat.pk) in again,
                seen=request.POST.get(f"stamp_{seat.pk}", ""),
            )
            sent.append(seat.member.user.shown_name)
        except Refused as refused:
            failed[seat.pk] = refused
    if sent:
        said = ngettext("A reminder is on its way to %(who)s.", "Reminders are on their way to %(who)s.", len(sent))
        _say(request, before, said % {"who": ", ".join(sent)}, now=now)
    return failed


def _say(request: HttpRequest, before: list[Article], said: str, *, now: datetime) -> None:
    """Where they were all of one article, with whose turn it is there."""
    if len(before) == 1:
        say_what_was_done(request, before[0], said, now=now)
    else:
        messages.success(request, said)


def _back(seats: list[ReviewAssignment]) -> str:
    """To the article, where they were all of one; else to the desk."""
    articles = _articles(seats)
    return article_url(next(iter(articles.values()))) if len(articles) == 1 else reverse("admin:index")


def _articles(seats: Iterable[ReviewAssignment]) -> dict[int, Article]:
    return {seat.round.article_id: seat.round.article for seat in seats}


def remind_late(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
    """From the list of articles to the page, with every seat of the ticked ones that is late."""
    late = desk.late_seats(queryset, clock.now())
    shown = late[:MOST]
    without = queryset.exclude(pk__in={seat.round.article_id for seat in late})
    for said in _left_out(without, len(late) - len(shown)):
        messages.info(request, said)
    return HttpResponseRedirect(url_for(*(seat.pk for seat in shown))) if shown else None


def _left_out(without: QuerySet[Article], more: int) -> Iterator[str]:
    titles = [f"“{title}”" for title in without.values_list("title", flat=True)[: NAMED + 1]]
    if titles:
        named = ", ".join(titles[:NAMED]) + (_(" and others") if len(titles) > NAMED else "")
        yield _("Nobody is late on %(named)s.") % {"named": named}
    if more > 0:
        yield ngettext(
            "%(more)s more is late: come back for it when these are done.",
            "%(more)s more are late: come back for them when these are done.",
            more,
        ) % {"more": more}


registry.add_page(Page("remind/", remind, "remind"))
registry.add_action(
    "articles.Article", Action("remind_late", gettext_lazy("Remind whoever is late"), remind_late, is_editor)
)
