"""The reader's pages: of each version as it is stored, and of the article as it was at a given instant."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import page
from articles.models import Publication, PublicPage
from articles.reader import shell
from articles.states import CURRENT, ArticleState, PublicationStatus
from editorial import clock
from reviews.dossier.collecting import Case
from reviews.dossier.records import Full, safe
from reviews.dossier.summary import instant

SHEETS = ("tokens", "base", "layout", "components", "status", "reader", "prose", "article", "pages")
"""The public site's style sheets, in its order."""

UNDER_WAY = (ArticleState.SUBMITTED, ArticleState.UNDER_REVIEW, ArticleState.CHANGES_REQUESTED)


@dataclass(frozen=True)
class Moment:
    """What stood at an instant: each version's status, the article's own state, and the version readers had."""

    at: datetime
    statuses: dict[int, str]
    state: str

    @property
    def number(self) -> int | None:
        return next((n for n, status in self.statuses.items() if status in CURRENT), None)


def moment(case: Case, at: datetime) -> Moment:
    """Read from the audit chain alone what stood at ``at``."""
    statuses: dict[int, str] = {}
    state = ""
    for event in case.events():
        if event.at > at:
            continue
        data = json.loads(event.body)["data"]
        if event.kind.startswith("publication.") and data.get("status"):
            statuses[int(event.subject.rpartition("/")[2])] = data["status"]
        elif event.kind.startswith("article.") and data.get("state"):
            state = data["state"]
    return Moment(at=at, statuses=statuses, state=state)


def of_versions(publications: list[Publication], *, now: datetime) -> Iterator[tuple[str, str]]:
    """For each version and audience a file's name and its HTML, from the very rows that the site serves."""
    for publication in publications:
        row = PublicPage.objects.filter(publication=publication).first()
        if row is None:
            continue
        live = publication.status == PublicationStatus.LIVE
        said = _("Version %(number)s as the site serves it on %(at)s.") % {
            "number": publication.number,
            "at": instant(now),
        }
        yield from _documents(f"version-{publication.number}", row.main_html, publication, said, now=now, live=live)


def at(reading: Full, then: Moment) -> Iterator[tuple[str, str]]:
    """What a reader of the article's address got at that instant, in each audience."""
    case = reading.case
    name = f"at-{then.at:%Y-%m-%dT%H%M%SZ}"
    said = _("What readers saw on %(at)s, as the audit chain tells it.") % {"at": instant(then.at)}
    publication = next((p for p in case.publications if p.number == then.number), None)
    if publication is None:
        main = shell.static("not_found.html")
        yield f"pages/{name}.html", document(main, title=_("Not found"), said=said)
        return
    status = then.statuses[publication.number]
    if not reading.shows_text(publication):
        said += " " + _("Its text has been taken from readers since, so it is withheld here.")
        yield f"pages/{name}.html", document("", title=_("Withheld"), said=said)
        return
    if status in (PublicationStatus.ON_HOLD, PublicationStatus.REMOVED):
        main = _withdrawn(case, publication, then, status)
    else:
        main = _rendered(case, publication, then, status)
    live = status == PublicationStatus.LIVE
    yield from _documents(name, main, publication, said, now=then.at, live=live)


def document(main: str, *, title: str, said: str) -> str:
    """A page of its own, with the public site's look and no request to anywhere."""
    context = {"main": shell.addressed(main), "title": title, "said": said, "site_name": settings.SITE_NAME}
    return render_to_string("reviews/dossier/page.html", context)


def styles() -> str:
    """The public site's style sheets in one."""
    texts = []
    for name in SHEETS:
        path = finders.find(f"css/{name}.css")
        if path:
            with open(path, encoding="utf-8") as file:
                texts.append(file.read())
    texts.append(".ask { display: none }")  # nothing can be asked of a file
    return "\n".join(texts)


def _documents(
    name: str, main: str, publication: Publication, said: str, *, now: datetime, live: bool
) -> Iterator[tuple[str, str]]:
    overdue = live and publication.next_review_due < timezone.localtime(now).date()
    main = shell.with_banner(main, due=publication.next_review_due if overdue else None)
    has_parts = shell.AUDIENCE in main
    for audience in sorted(publication.html) if has_parts else [""]:
        file = f"pages/{name}-{safe(audience)}.html" if audience else f"pages/{name}.html"
        text = shell.for_audience(main, audience) if has_parts else main
        yield file, document(text, title=_("Version %(number)s") % {"number": publication.number}, said=said)


def _withdrawn(case: Case, publication: Publication, then: Moment, status: str) -> str:
    removal = next((n for n in case.notices if n.kind == "removal" and n.issued_at <= then.at), None)
    if status == PublicationStatus.REMOVED and removal:
        removed_on = timezone.localtime(removal.issued_at).date()
        context = {"reason": removal.text, "removed_on": removed_on, "by": removal.shown_name}
        return render_to_string("articles/reader/removed.html", context)
    return shell.static("held.html")


def _rendered(case: Case, publication: Publication, then: Moment, status: str) -> str:
    """The frozen text in today's templates, with the notices, banners and withdrawn signatures of that instant."""
    copy = _with_status(publication, status)
    notices = [n for n in case.notices if n.publication_id == publication.pk and n.issued_at <= then.at]
    gone = {row.signature_id: row.at for row in case.voided if row.at <= then.at}
    context = page.of(copy, notices=notices[::-1], version_count=publication.number)
    context["notices"] = [*_banners(publication, then, status, gone), *context["notices"]]
    left = [s["name"] for s in publication.evidence["signatures"] if s["id"] in gone and s["verdict"]]
    context["reviewers"] = [person for person in publication.evidence["reviewers"] if person["name"] not in left]
    for signature in context["signatures"]:
        at_ = gone.get(signature["id"])
        signature["withdrawn_on"] = timezone.localtime(at_).date() if at_ else None
    return render_to_string("articles/reader/article.html", {"page": context, "site_name": settings.SITE_NAME})


def _banners(
    publication: Publication, then: Moment, status: str, gone: dict[int, datetime]
) -> Iterator[dict[str, Any]]:
    if status != PublicationStatus.LIVE:
        return
    lost = [gone[s["id"]] for s in publication.evidence["signatures"] if s["id"] in gone]
    if lost:
        text = _("One of the signatures under this version was withdrawn on %(day)s.")
        yield _banner("voided", _("Signature withdrawn"), text % {"day": _day(min(lost))})
    if then.state in UNDER_WAY:
        text = _("You are reading the version approved on %(day)s.")
        day = clock.shown(publication.last_reviewed)
        yield _banner("update", _("Update under review"), text % {"day": day})


def _banner(kind: str, label: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "kind_label": label, "text": text, "date": None}


def _day(at_: datetime) -> str:
    return clock.shown(timezone.localtime(at_).date())


def _with_status(publication: Publication, status: str) -> Publication:
    """A copy of the row that stands in ``status``; it is never saved."""
    values = {f.attname: getattr(publication, f.attname) for f in publication._meta.concrete_fields}
    copy = Publication(**{**values, "status": status})
    copy.article = publication.article
    return copy
