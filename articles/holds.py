"""What the record says of a page that was taken off the site."""

import json
from dataclasses import dataclass
from datetime import datetime

from articles.models import Publication
from editorial.models import AuditEvent, Notification, User


@dataclass(frozen=True)
class Hold:
    """``who`` is none where the account can't be found any more; ``told`` are the chief editors it was told to."""

    at: datetime
    who: User | None
    reason: str
    told: tuple[str, ...]


def latest(publication: Publication, *, path: str) -> Hold | None:
    """The last time that this version was taken off the site. ``path`` is the page that its mails led to."""
    events = AuditEvent.objects.filter(subject=publication.subject, kind="publication.hold")
    event = events.order_by("-sequence").first()
    if event is None:
        return None
    said = json.loads(event.body)
    told = Notification.objects.filter(kind="hold", path=path, created_at=event.at).select_related("user")
    return Hold(
        at=event.at,
        who=User.objects.filter(uuid=said["actor"]).first(),
        reason=said["data"].get("reason", ""),
        told=tuple(notification.user.shown_name for notification in told.order_by("pk")),
    )
