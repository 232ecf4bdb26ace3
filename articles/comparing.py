"""The texts that an article ever had, each under a name of its own, for whoever may compare them.

Which there are is known by several apps: each adds its own maker, which gives only what that person may read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import conditions, content, snapshots
from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial import clock
from editorial.models import User

NOW = "now"
"""The name of the text as it stands."""

STATUS = {
    PublicationStatus.SCHEDULED: gettext_lazy("waits for its day"),
    PublicationStatus.ON_HOLD: gettext_lazy("on hold"),
    PublicationStatus.RETRACTED: gettext_lazy("retracted"),
    PublicationStatus.RETIRED: gettext_lazy("retired"),
    PublicationStatus.REMOVED: gettext_lazy("removed"),
}


@dataclass(frozen=True)
class Text:
    """``key`` names it in addresses. ``snapshot`` reads it: canonical text, or empty where it wasn't kept."""

    key: str
    label: str
    at: datetime
    snapshot: Callable[[], str]


Maker = Callable[[Article, User], Iterable[Text]]
_makers: list[Maker] = []


def add_texts(maker: Maker) -> None:
    if maker not in _makers:
        _makers.append(maker)


def texts_of(article: Article, user: User) -> dict[str, Text]:
    """All that this person may read, by key, the newest first; nothing for whoever may read none."""
    found = [text for maker in (of_article, *_makers) for text in maker(article, user)]
    newest_first = sorted(found, key=lambda text: (text.key == NOW, text.at, text.key), reverse=True)
    return {text.key: text for text in newest_first}


def of_article(article: Article, user: User) -> Iterator[Text]:
    """For whoever sees the article: its versions, and the text as it stands."""
    if not conditions.may_see(article, user):
        return
    label = _("The draft as it stands now")
    if article.frozen_snapshot:
        label = _("The text as it was frozen")
    yield Text(NOW, label, article.state_since, lambda: article.frozen_snapshot or snapshots.of(article).text)
    for publication in article.publications.only("number", "status", "published_at"):
        yield of_publication(publication, user)


def of_publication(publication: Publication, user: User) -> Text:
    """Its day is a day in the zone of whoever looks."""
    values = {
        "number": publication.number,
        "day": clock.shown(clock.day_in(user.zone, publication.published_at)),
        "status": STATUS.get(PublicationStatus(publication.status), ""),
    }
    label = _("Version %(number)s, %(day)s (%(status)s)") if values["status"] else _("Version %(number)s, %(day)s")
    rows = Publication.objects.filter(pk=publication.pk)
    return Text(
        key=f"v{publication.number}",
        label=label % values,
        at=publication.published_at,
        snapshot=lambda: rows.values_list("snapshot", flat=True).get(),
    )


def usual(texts: Mapping[str, Text]) -> tuple[str, str]:
    """What to compare where nothing was chosen: the newest text with the newest version before it, else any."""
    keys = list(texts)
    after = keys[0]
    versions = [key for key in keys[1:] if key.startswith("v")]
    return (versions or keys[1:] or [after])[0], after


def values(text: Text) -> dict[str, Any] | None:
    """Nothing where it wasn't kept, or can't be read any more."""
    snapshot = text.snapshot()
    try:
        return content.parse(snapshot) if snapshot else None
    except ValueError:
        return None
