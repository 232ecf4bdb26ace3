"""Taking a page off the site from a phone: the link at its foot leads here. One screen, one proof, one button."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles import conditions, holds
from articles.admin.offers import COMES_BACK, told_at_once
from articles.models import Publication
from articles.states import CURRENT, PublicationStatus
from editorial import clock, registry
from editorial.admin.verbs import article_url, is_repeated, verb_page
from editorial.models import User
from editorial.registry import Page
from editorial.roles import is_chief, is_editor

ASK, STANDING = "admin/articles/hold/ask.html", "admin/articles/hold/standing.html"


def hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks while the page is live; afterwards says what became of it, to whoever could have done it.

    Whoever may not is refused in words; an address that readers never had isn't there.
    """
    rows = Publication.objects.filter(slug=slug, status__in=sorted(CURRENT)).select_related("article")
    publication = rows.first()
    if publication is None:
        raise Http404
    allowed = conditions.may_take_down(request.user)
    if not allowed:
        return admin.site.refused(request, _("Take this page off the site"), allowed.reason, 403)
    article, here = publication.article, reverse("admin:hold", args=[slug])
    if publication.status == PublicationStatus.LIVE:
        spec = registry.find_verb("articles.Article", "hold")
        shown = {"title": publication.title, "number": publication.number, "url": _way_back(publication, request.user)}
        return verb_page(request, article, spec, shown=shown, back=here, template=ASK)
    if request.method == "POST" and is_repeated(request, article):
        return HttpResponseRedirect(here)
    return _standing(request, publication)


def _way_back(publication: Publication, user: User) -> str:
    """Where “Leave it” leads: to the article for whoever sees it, else to the page as readers have it."""
    article = publication.article
    return article_url(article) if conditions.may_see(article, user) else f"/articles/{publication.slug}/"


def _standing(request: HttpRequest, publication: Publication) -> HttpResponse:
    """That there is nothing to take off, with who and when; a reason that came too late is shown again."""
    user, article = request.user, publication.article
    sees = conditions.may_see(article, user)
    title, said, reason = _said(publication, user)
    context = admin.site.page_context(
        request,
        title=title,
        publication=publication,
        said=said,
        reason=reason,
        typed=request.POST.get("reason", "").strip(),
        article_url=article_url(article) if sees else "",
        lift_url=_lift_url(publication, user),
    )
    return TemplateResponse(request, STANDING, context, status=409 if request.method == "POST" else 200)


def _lift_url(publication: Publication, user: User) -> str:
    on_hold = publication.status == PublicationStatus.ON_HOLD
    if not on_hold or not is_chief(user) or not conditions.may_lift(publication.article, user):
        return ""
    return reverse("admin:articles_article_verb", args=[publication.article_id, "lift"])


def _said(publication: Publication, user: User) -> tuple[str, list[str], str]:
    """A headline, what to know in sentences, and the reason for whoever may read it."""
    match publication.status:
        case PublicationStatus.ON_HOLD:
            return _held(publication, user)
        case PublicationStatus.RETRACTED:
            return _("Retracted already"), _ended(publication, _("Retracted on %(day)s by %(who)s.")), ""
        case PublicationStatus.REMOVED:
            return _("Removed already"), _ended(publication, _("Removed on %(day)s by %(who)s.")), ""
    since = publication.article.retired_at
    retired = _("It isn't maintained any more, since %(day)s.") % {"day": clock.shown(localtime(since).date())}
    return _("Retired already"), [retired, _("Ask a chief editor if its text may do harm: they can remove it.")], ""


def _held(publication: Publication, user: User) -> tuple[str, list[str], str]:
    """Editors, and whoever did it, read who and why; other members when, and who was told."""
    found = holds.latest(publication, path=article_url(publication.article))
    said, reason = [], ""
    if found is not None:
        mine = found.who is not None and found.who.pk == user.pk
        knows = mine or is_editor(user)
        said.append(_taken_off(_("You") if mine else found.who if knows else None, found.at))
        reason = found.reason if knows else ""
        if found.told:
            said.append(told_at_once(found.told))
    return (
        _("Off the site"),
        [
            *said,
            _("Readers are told that the page is temporarily withdrawn for a safety check."),
            COMES_BACK,
        ],
        reason,
    )


def _taken_off(who: Any, at: datetime) -> str:
    values = {"who": who or _("A colleague"), "at": date_format(localtime(at), "j F Y, H:i")}
    return _("%(who)s took it off on %(at)s.") % values


def _ended(publication: Publication, sentence: str) -> list[str]:
    """Who ended it and when, as its public notice says."""
    notice = publication.notices.filter(kind__in=("retraction", "removal")).order_by("-issued_at").first()
    if notice is None:
        return []
    day = clock.shown(localtime(notice.issued_at).date())
    return [sentence % {"day": day, "who": notice.shown_name}, _("There is nothing left to take off the site.")]


registry.add_page(Page("hold/<slug:slug>/", hold, "hold"))
