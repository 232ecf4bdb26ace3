"""Names, titles and addresses that would add a header to a mail or an answer, or break it in two."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.test import Client

from editorial import composing, outbox
from editorial.models import OutboxMessage, User
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.editorial.inviting import FORM

pytestmark = pytest.mark.django_db

ENDINGS = (
    "\n",
    "\r\n",
    "\r",
    "\n\t",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "%0d%0a",
    "=0D=0A",
    "\u560d\u560a",
)
HOSTILE = [f"Statins{ending}Bcc: all@evil.example{ending}{ending}<b>Buy</b>" for ending in ENDINGS]
ODD = (
    "x" * 20_000,
    "é" * 3000,
    "🙂" * 500,
    "\u202egnissem",
    "=?utf-8?B?QmNjOg==?=",
    "\x1b[2J\x07",
    "a\ufeffb",
    '"<>,;:@\\',
)
KNOWN = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}


def sent_with(text: str, recipient: User, kind: str, now) -> mail.EmailMessage:
    row = outbox.write(kind, recipient, now=now, text=text, path="/admin/")
    made = composing.mail([composing.item(row)], mail_id=row.uuid)
    row.delete()
    return made


@pytest.mark.parametrize("text", [*HOSTILE, *ODD], ids=lambda text: ascii(text[:24]))
@pytest.mark.parametrize("kind", ["hold", "news"])
def test_no_words_add_a_header_a_part_or_a_recipient(people, now, text, kind):
    tom = people["tom"]
    for name in ("first_name", "last_name"):
        setattr(tom, name, text[:150])
    made = sent_with(text, tom, kind, now)
    read = message_from_bytes(made.message().as_bytes(), policy=default)

    assert set(read.keys()) == KNOWN
    assert len(read.keys()) == len(KNOWN)
    assert made.recipients() == [tom.email]
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert not re.search(r"[\r\n\x00]", read["Subject"])
    assert max(map(len, made.message().as_bytes().splitlines())) <= 998
    assert "<b>Buy" not in made.alternatives[0].content


ADDRESSES = (
    *("a@example.org\nBcc: b@evil.example", "a@example.org\r\n\r\nHi", "a@example.org,b@evil.example"),
    *(
        "a@example.org;b@evil.example",
        "a@example.org\x00",
        "<a@example.org>",
        "A <a@example.org>",
        "a@example.org\u2028x",
    ),
    *(
        '"a\r\nBcc: b"@example.org',
        "a@evil.example@example.org",
        "a@[127.0.0.1\r\n]",
        "a@" + "x" * 300 + ".org",
        "a b@c.org",
    ),
    *("<script>@example.org", "a@example.org%0ABcc:b@evil.example", "a@exa\tmple.org"),
)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: ascii(address[:24]))
def test_an_address_that_is_more_than_an_address_is_taken_nowhere(people, address):
    before = set(User.objects.values_list("email", flat=True))
    ingrid, rows = Person("ingrid"), OutboxMessage.objects.count()
    asked = ingrid.client.post("/admin/board/invite/", {**FORM, "email": address})
    added = ingrid.fill(
        "/admin/editorial/user/add/", having="username", username="vera", email=address, password=PASSWORD
    )
    reset = Client().post("/accounts/password/reset/", {"email": address})

    assert {asked.status_code, added.status_code} <= {200, 400, 422}
    assert reset.status_code in (200, 302)
    assert set(User.objects.values_list("email", flat=True)) == before
    assert mail.outbox == []
    assert OutboxMessage.objects.count() == rows


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/admin/queue/export.csv?view={}", r"queue-[a-z-]+-[\d-]+\.csv"),
        ("/admin/queue/export.csv?q={}", r"queue-[a-z-]+-[\d-]+\.csv"),
        ("/admin/metrics/{}.csv", ""),
    ],
)
@pytest.mark.parametrize("said", ['x"%0d%0aX-Evil: 1', "../../x", "%22;filename=x.html", "x%00.html", "%E2%80%A8"])
def test_no_file_gets_its_name_from_the_address(people, address, name, said):
    answer = Person("ingrid").client.get(address.format(said))

    assert answer.status_code in ((200,) if name else (404,))
    assert "X-Evil" not in answer.headers
    if name:
        assert re.fullmatch(f'attachment; filename="{name}"', answer.headers["Content-Disposition"])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
