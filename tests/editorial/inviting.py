"""What tests of invitations share: a person to invite, and the link in their mail."""

import re
from datetime import timedelta

from django.core import mail
from django.db.models import Max

from editorial import clock, outbox
from editorial.models import BoardMember, OutboxMessage, Specialty

WORDS = "three wise owls at noon"
GOOD = {"password": WORDS, "again": WORDS, "time_zone": "Europe/Lisbon"}
PAGE = "/admin/board/invite/"
FORM = {
    "first_name": "Vera",
    "last_name": "Ngô Đình",
    "email": "vera@example.org",
    "specialty": "cardiology",
    "letters": "MD",
    "licence_number": "V-1",
    "issuer": "Ordem dos Médicos",
    "expires_on": "2031-05-01",
    "affiliation": "Hospital de Santa Maria",
    "time_zone": "Europe/Lisbon",
}


def values(**own):
    cleaned = {"expires_on": clock.now().date() + timedelta(days=900), "load_limit": None}
    return {**FORM, **cleaned, "specialty": Specialty.objects.get(slug="cardiology"), **own}


def send_all() -> dict[str, int]:
    """Send all that is written, once nobody's quiet hours hold it back: at whatever hour the tests run."""
    latest = OutboxMessage.objects.aggregate(at=Max("not_before"))["at"]
    return outbox.send_due(now=max(latest, clock.now()))


def sent_link(address: str = "vera@example.org") -> str:
    """The path in the last mail to this address."""
    send_all()
    bodies = [message.body for message in mail.outbox if message.to == [address]]
    return re.search(r"(/accounts/invitation/\S+)", bodies[-1]).group(1)


def fresh(member: BoardMember) -> BoardMember:
    return BoardMember.objects.select_related("user").get(pk=member.pk)


def dead(page) -> bool:
    return page.status_code == 404 and "Ask the editor who wrote to you for a new invitation" in page.text
