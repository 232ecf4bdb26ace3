"""The article's published versions on its page for staff: what each was, who signed it, what became of it."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import conditions
from articles.models import Article, Notice, Publication
from articles.states import CURRENT, PublicationStatus
from editorial import registry
from editorial.models import User
from editorial.registry import Panel

STATUS = {
    PublicationStatus.SCHEDULED: gettext_lazy("Waits for its day"),
    PublicationStatus.LIVE: gettext_lazy("Live"),
    PublicationStatus.ON_HOLD: gettext_lazy("On hold"),
    PublicationStatus.SUPERSEDED: gettext_lazy("Superseded"),
    PublicationStatus.RETRACTED: gettext_lazy("Retracted"),
    PublicationStatus.RETIRED: gettext_lazy("Retired"),
    PublicationStatus.REMOVED: gettext_lazy("Removed"),
}
WITHHELD = {
    PublicationStatus.ON_HOLD: gettext_lazy("Readers get a notice in its place while it is on hold."),
    PublicationStatus.REMOVED: gettext_lazy("Its text is withheld from readers, as that of every earlier version."),
    PublicationStatus.RETRACTED: gettext_lazy("Readers get it under its retraction."),
}
OPEN = 3
"""How many versions stand open; earlier ones unfold."""


def history_panel(article: Article, user: User) -> Iterable[Panel]:
    """Nothing before the first version. Two queries, however many there are."""
    rows = list(conditions.versions_of(article))
    if not rows:
        return
    prefetch_related_objects(rows, Prefetch("notices", queryset=Notice.objects.order_by("-issued_at")))
    named = may_name(article, user)
    removed = any(row.status == PublicationStatus.REMOVED for row in rows)
    shown = [_row(row, rows[place + 1 :], named, removed) for place, row in enumerate(rows)]
    compare = reverse("admin:compare", args=[article.pk])
    context = {"versions": shown[:OPEN], "earlier": shown[OPEN:], "zone": user.time_zone, "compare": compare}
    yield Panel("admin/articles/article/versions.html", context)


def may_name(article: Article, user: User) -> bool:
    """Whether this page names who signed: to editors who neither wrote the text nor have still to judge it."""
    if not conditions.editor_of(article, user):
        return False
    return article.subject not in registry.hidden_from(user).signed


def _row(row: Publication, before: list[Publication], named: bool, removed: bool) -> dict[str, Any]:
    status = PublicationStatus(row.status)
    earlier = before[0].number if before else None
    compared = {"from": f"v{earlier}", "to": f"v{row.number}"}
    withheld = WITHHELD[PublicationStatus.REMOVED] if removed and status != PublicationStatus.REMOVED else ""
    return {
        "publication": row,
        "status_label": STATUS[status],
        "said": WITHHELD.get(status, withheld),
        "basis": _basis(row),
        "signed": "; ".join(_signed(row, named)),
        "waits": status == PublicationStatus.SCHEDULED,
        "readers_url": f"/articles/{row.slug}/" if status in CURRENT else "",
        "earlier": earlier,
        "compare_query": urlencode(compared) if earlier else "",
        "notices": [{"label": notice.get_kind_display(), "row": notice} for notice in row.notices.all()],
    }


def _basis(row: Publication) -> str:
    if row.restored_from:
        return _("version %(number)s, brought back") % {"number": row.restored_from}
    if row.basis == Publication.Basis.CARRIED:
        return _("stands on the review of version %(number)s") % {"number": row.reviewed_version}
    return _("signed as it stands")


def _signed(row: Publication, named: bool) -> Iterator[str]:
    """Names as readers saw them; for whoever may not know them, what kind of signatures there are."""
    for signature in row.evidence.get("signatures", ()):
        if named:
            yield ", ".join(part for part in (signature["name"], signature.get("credentials", "")) if part)
        elif signature.get("verdict"):
            yield _("a reviewer, %(specialty)s") % {"specialty": (signature.get("specialty") or "–").lower()}
        else:
            yield _("an editor")


registry.add_panels(history_panel)
