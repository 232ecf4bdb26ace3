"""Due days as iCalendar (RFC 5545): the feed of a member, and the event that an invitation's mail carries.

Due days are days, not instants: every event is of a whole day, so no time zone moves it. A seat that ended leaves the
feed, and so the calendar: whoever subscribes replaces what they had by what they get.
"""

from datetime import date, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from editorial.kinds import Attachment, link
from editorial.models import OutboxMessage, User
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState

PRODUCT = "-//Imprimatur//Review calendar//EN"
REFRESH = timedelta(hours=4)


def feed(user: User, *, now: datetime) -> bytes:
    """What this person owes, and by when. Empty for whoever owes nothing or isn't on the board any more."""
    calendar = _calendar()
    calendar.add("x-wr-calname", _("Reviews for %(site)s") % {"site": settings.SITE_NAME})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    owed = ReviewAssignment.objects.owed().filter(member__user=user)
    for assignment in owed.select_related("round__article").order_by("review_on", "pk"):
        for event in _events(assignment, now=now):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def invitation(assignment: ReviewAssignment, *, now: datetime) -> bytes:
    """The seat's events for its mail: with the feed's own UID and SEQUENCE, so that they never stand there twice.

    METHOD is PUBLISH, not REQUEST: a calendar program would offer to answer a request, and send the answer to an
    address that nobody reads. The answer is given on the review's page.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    for event in _events(assignment, now=now):
        event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def attached(message: OutboxMessage) -> list[Attachment]:
    """What the mails about a seat carry. Made as of the message, so that a second try sends the same bytes."""
    seats = ReviewAssignment.objects.owed().filter(pk=message.payload["assignment"])
    assignment = seats.select_related("round__article").first()
    if assignment is None:
        return []
    name = f"review-{assignment.pk}.ics"
    return [(name, invitation(assignment, now=message.created_at), "text/calendar")]


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _events(assignment: ReviewAssignment, *, now: datetime) -> list[Event]:
    title = {"title": assignment.round.article.title}
    events = [_event(assignment, "review", assignment.review_on, _("Review due: %(title)s") % title, now=now)]
    if assignment.state == AssignmentState.INVITED:
        answer = _("Answer by today: can you review %(title)s?") % title
        events.append(_event(assignment, "answer", assignment.respond_on, answer, now=now))
    return events


def _event(assignment: ReviewAssignment, what: str, day: date, summary: str, *, now: datetime) -> Event:
    """A whole day that doesn't block the member's time. SEQUENCE rises whenever the seat's due days move."""
    event = Event()
    event.add("uid", f"assignment-{assignment.pk}-{what}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", assignment.due_version)
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("url", link(assignment.get_absolute_url()))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
