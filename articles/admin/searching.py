"""What the desk's search finds among articles, references and published versions."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Publication, Reference
from articles.states import PublicationStatus
from editorial import clock, searching
from editorial.admin.searching import list_url, listed, may_look_in, row_url
from editorial.searching import EACH, Finder, Group, Hit

STATUS_LABELS = {
    PublicationStatus.SCHEDULED: gettext_lazy("Scheduled"),
    PublicationStatus.LIVE: gettext_lazy("On the site"),
    PublicationStatus.ON_HOLD: gettext_lazy("On hold"),
    PublicationStatus.SUPERSEDED: gettext_lazy("Superseded"),
    PublicationStatus.RETRACTED: gettext_lazy("Retracted"),
    PublicationStatus.RETIRED: gettext_lazy("Retired"),
    PublicationStatus.REMOVED: gettext_lazy("Removed"),
}
REFERENCE_KINDS = {
    Reference.Status.OK: "good",
    Reference.Status.RETRACTED: "bad",
    Reference.Status.WITHDRAWN: "bad",
    Reference.Status.CONCERN: "warn",
    Reference.Status.CORRECTED: "info",
    Reference.Status.SUPERSEDED: "warn",
}


def _articles(request: HttpRequest, query: str) -> Group:
    live = Publication.objects.filter(article=OuterRef("pk"), status=PublicationStatus.LIVE)
    rows = listed(request, Article, query).select_related(None).select_related("specialty")
    rows = rows.annotate(live=Subquery(live.values("number")[:1])).order_by("-state_since", "-pk")
    found, more = searching.cut(rows[: EACH + 1])
    lists = ((list_url(Article, query), _("All articles with these words")),)
    return Group("articles", _("Articles"), [_article_hit(article) for article in found], more, lists)


def _article_hit(article: Any) -> Hit:
    live = _("readers have version %(number)s") % {"number": article.live} if article.live else ""
    meta = " · ".join(filter(None, (str(article.specialty or ""), live)))
    return Hit(article.title, row_url(article), meta, {"state": article.state, "label": article.state_label})


def _references(request: HttpRequest, query: str) -> Group:
    found, more = searching.cut(listed(request, Reference, query).order_by("title", "pk")[: EACH + 1])
    lists = ((list_url(Reference, query), _("All references with these words")),)
    return Group("references", _("References"), [_reference_hit(row) for row in found], more, lists)


def _reference_hit(row: Reference) -> Hit:
    first = row.authors.split("\n")[0]
    meta = " · ".join(filter(None, (first, row.container_title, str(row.year or ""), row.doi and f"doi:{row.doi}")))
    return Hit(
        row.title,
        row_url(row),
        meta,
        {"kind": REFERENCE_KINDS.get(row.status, "plain"), "label": row.get_status_display()},
    )


def _publications(request: HttpRequest, query: str) -> Group:
    rows = listed(request, Publication, query).defer("snapshot", "html", "evidence", "policy")
    found, more = searching.cut(rows.order_by("-published_at", "-pk")[: EACH + 1])
    lists = ((list_url(Publication, query), _("All published versions with these words")),)
    return Group("publications", _("Published versions"), [_publication_hit(row) for row in found], more, lists)


def _publication_hit(row: Publication) -> Hit:
    values = {"number": row.number, "day": clock.shown(row.published_at.date())}
    meta = _("version %(number)s, published on %(day)s") % values
    label = STATUS_LABELS[PublicationStatus(row.status)]
    return Hit(row.title, row_url(row), f"{meta} · {row.digest[:12]}", {"state": row.status, "label": label})


for _name, _find, _model, _hint, _weight in (
    ("articles", _articles, Article, gettext_lazy("words of an article's title"), 10),
    (
        *("references", _references, Reference),
        gettext_lazy("a reference by title, author, DOI or PMID, typed or pasted"),
        40,
    ),
    (
        *("publications", _publications, Publication),
        gettext_lazy("a published version by title, by number (“version 3”), or by the beginning of its digest"),
        50,
    ),
):
    searching.add_finder(Finder(_name, _find, _hint, may_look_in(_model), _weight))
