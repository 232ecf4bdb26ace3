"""Mail as chief editors see it at the desk: a sample of every kind, and what stands in the outbox."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import composing, invitations, kinds, outbox, shown_mail
from editorial.models import OutboxMessage
from editorial.registry import Hidden
from tests.desk import Person
from tests.editorial.inviting import values

SAMPLES = "/admin/mail-samples/"
OUTBOX = "/admin/editorial/outboxmessage/"
HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"


@pytest.fixture
def written(people, now):
    """Write a mail to Tom, as the desk would."""

    def write(text: str = "A review came in.", kind: str = "news", path: str = "/admin/", **more) -> OutboxMessage:
        return outbox.write(kind, people["tom"], now=now, text=text, path=path, **more)

    return write


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("kind", kinds.all_kinds(), ids=lambda kind: kind.name)
def test_every_kind_of_mail_has_a_sample(kind):
    assert str(kind.sample.get("text", "")).strip(), f"give the kind {kind.name} a sample"


@pytest.mark.parametrize("name", [*(kind.name for kind in kinds.all_kinds()), shown_mail.DIGEST])
def test_the_chief_editor_sees_each_as_mail_and_as_text(people, name):
    ingrid = Person("ingrid")
    sample = next(s for s in shown_mail.samples(people["ingrid"]) if s.name == name)
    page = unescape(ingrid.client.get(SAMPLES).text)
    frame = ingrid.client.get(f"{SAMPLES}{name}/")

    assert f'src="{SAMPLES}{name}/"' in page
    assert sample.mail.subject in page
    assert frame.status_code == 200
    assert sample.mail.html in frame.text
    assert "Dear Ingrid Solberg," in frame.text


def test_samples_come_from_no_record_and_their_links_open_the_desk(people):
    with CaptureQueriesContext(connection) as found:
        samples = shown_mail.samples(people["ingrid"])

    assert len(found) == 0
    for sample in samples:
        links = set(re.findall(r'href="([^"]+)"', sample.mail.html))
        assert links <= {kinds.link("/admin/"), kinds.link("/admin/mail/")}, sample.name


def test_the_digest_shows_every_kind_that_goes_with_the_days_mail(people):
    digest = next(s for s in shown_mail.samples(people["ingrid"]) if s.name == shown_mail.DIGEST)
    daily = [kind for kind in kinds.all_kinds() if kind.urgency == outbox.Urgency.DAILY]

    assert digest.mail.html.count("<li>") == len(daily) > 1


@pytest.mark.parametrize("who", ["nora", "tom", "claire"])
def test_nobody_but_chief_editors_sees_samples_or_the_outbox(people, written, who):
    row, client = written(), Person(who).client

    for url in (SAMPLES, f"{SAMPLES}news/"):
        assert client.get(url).status_code == 403
    for url in (f"{OUTBOX}{row.pk}/mail/", f"{OUTBOX}{row.pk}/mail/html/"):
        assert client.get(url).status_code == 404


def test_a_kind_that_is_not_there_is_not_found(people):
    assert Person("ingrid").client.get(f"{SAMPLES}nothing/").status_code == 404


def test_the_frame_runs_nothing_and_loads_nothing(people):
    ingrid = Person("ingrid").client
    page, frame = ingrid.get(SAMPLES), ingrid.get(f"{SAMPLES}news/")
    policy = frame["Content-Security-Policy"]

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "unsafe-inline" not in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in frame["Cache-Control"]


def test_the_list_leads_to_each_mail_and_the_page_shows_what_would_leave(people, written):
    row = written("“Knee pain” was approved.")
    ingrid = Person("ingrid").client
    url = f"{OUTBOX}{row.pk}/mail/"

    assert f'href="{url}"' in ingrid.get(OUTBOX).text
    assert f'href="{SAMPLES}"' in ingrid.get(OUTBOX).text
    assert f'href="{url}"' in ingrid.get(f"{OUTBOX}{row.pk}/change/").text
    page = ingrid.get(url)
    assert "“Knee pain” was approved." in page.text
    assert "Tom Okafor" in page.text
    left = composing.mail([composing.item(row)], mail_id=row.uuid)
    assert left.alternatives[0][0] in ingrid.get(f"{url}html/").text


def test_hostile_words_stay_words(people, written):
    row = written(HOSTILE)
    ingrid = Person("ingrid").client

    for url in (f"{OUTBOX}{row.pk}/mail/", f"{OUTBOX}{row.pk}/mail/html/"):
        text = ingrid.get(url).text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_what_leaves_in_one_mail_is_shown_as_one(people, written):
    first, second, other = written("One."), written("Two."), written("Three.")
    OutboxMessage.objects.filter(pk__in=[first.pk, second.pk]).update(mail_id=first.uuid)
    frame = Person("ingrid").client.get(f"{OUTBOX}{first.pk}/mail/html/").text

    assert "2 things wait for you" in frame
    assert ("One." in frame, "Two." in frame, "Three." in frame) == (True, True, False)
    assert other.mail_id is None


def test_what_the_outbox_hides_from_a_seated_chief_stays_hidden_here(people, written, monkeypatch):
    """A chief editor who still owes a verdict learns nothing of that article, nor in a mail that tells of others."""
    hidden, seen = written("The verdict of another.", path="/admin/secret/"), written("Something else.")
    OutboxMessage.objects.update(mail_id=seen.uuid)
    monkeypatch.setattr("editorial.admin.records.hidden_from", lambda user: Hidden(paths=frozenset({"/admin/secret/"})))
    ingrid = Person("ingrid").client

    assert ingrid.get(f"{OUTBOX}{hidden.pk}/mail/").status_code == 404
    assert ingrid.get(f"{OUTBOX}{hidden.pk}/mail/html/").status_code == 404
    for url in (f"{OUTBOX}{seen.pk}/mail/", f"{OUTBOX}{seen.pk}/mail/html/"):
        assert "The verdict of another." not in ingrid.get(url).text


def test_the_secret_link_of_an_invitation_is_never_shown(people):
    invitations.invite(actor=people["tom"], **values())
    row = OutboxMessage.objects.get(kind=invitations.KIND)
    token = kinds.kind_of(row).path(row)
    ingrid = Person("ingrid").client
    page, frame = ingrid.get(f"{OUTBOX}{row.pk}/mail/"), ingrid.get(f"{OUTBOX}{row.pk}/mail/html/")

    assert token in composing.item(row).link
    assert token not in page.text
    assert token not in frame.text
    assert "Its link is for its recipient alone" in unescape(page.text)


@pytest.mark.parametrize("payload", [{"text": "", "path": "/"}, {}])
def test_an_erased_mail_says_so(people, written, payload):
    row = written()
    OutboxMessage.objects.update(payload=payload)
    ingrid = Person("ingrid").client

    assert "There is nothing to show" in ingrid.get(f"{OUTBOX}{row.pk}/mail/").text
    assert ingrid.get(f"{OUTBOX}{row.pk}/mail/html/").status_code == 404
    assert "Show the mail" not in ingrid.get(OUTBOX).text


def test_a_kind_of_an_earlier_version_says_so(people, written):
    row = written()
    OutboxMessage.objects.update(kind="gone")

    assert "There is nothing to show" in Person("ingrid").client.get(f"{OUTBOX}{row.pk}/mail/").text


@pytest.mark.parametrize("pk", ["0", "999999999999999999999999"])
def test_a_mail_that_is_not_there_is_not_found(people, pk):
    assert Person("ingrid").client.get(f"{OUTBOX}{pk}/mail/").status_code == 404


def test_a_long_mail_costs_no_more_queries_than_a_short_one(people, written):
    ingrid = Person("ingrid").client
    row = written("Number 0.")
    OutboxMessage.objects.update(mail_id=row.uuid)
    urls = (OUTBOX, f"{OUTBOX}{row.pk}/mail/", f"{OUTBOX}{row.pk}/mail/html/")
    few = [queries(ingrid, url) for url in urls]
    for number in range(1, 30):
        written(f"Number {number}.")
    OutboxMessage.objects.update(mail_id=row.uuid)

    assert [queries(ingrid, url) for url in urls] == few
