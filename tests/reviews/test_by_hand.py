"""The page on which an editor reminds: whom it shows, the mail as it will be, and the ways to it."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import outbox
from editorial.models import AuditEvent, HandledRequest, MailPreferences, Notification, OutboxMessage, User
from reviews.models import ManualReminder, ReviewAssignment
from reviews.workflow import reminding
from tests.desk import Person
from tests.reviews.late import forget_news
from tests.reviews.panels import away, invited, mail_to, opened, use

pytestmark = pytest.mark.usefixtures("now_is")
URL = "/admin/remind/"
NOTE = "I know that your mother is ill."
HOSTILE = '"><script>alert(1)</script> {{ link }} &quot;'


def late(story, *members: str, title: str = "How low should blood pressure be?") -> ReviewAssignment:
    """The seat of the first member (Claire), three days late; Eva stands by."""
    round = opened(story, *members, alternates=["eva"], fields={"title": title})
    ReviewAssignment.objects.filter(round=round).update(review_on=story.now.date() - timedelta(days=3))
    forget_news()
    return story.seat(round, members[0] if members else "claire")


def page_of(*seats: ReviewAssignment) -> str:
    return URL + "?" + "&".join(f"seat={seat.pk}" for seat in seats)


def send(username: str, *seats: ReviewAssignment, **values):
    """The form as the page gives it for these seats, sent back with ``values``."""
    person = Person(username)
    url = page_of(*seats)
    return person.client.post(url, {**_form(*seats), **values}, follow=True)


def _form(*seats: ReviewAssignment) -> dict:
    pks = [seat.pk for seat in seats]
    stamps = {f"stamp_{seat.pk}": reminding.stamp(seat) for seat in seats}
    return {"request_id": str(uuid.uuid4()), "note": "", "listed": pks, "seat": pks, **stamps}


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ManualReminder, OutboxMessage, Notification, AuditEvent))


def test_two_clicks_remind_and_the_mail_that_was_shown_is_the_mail_that_leaves(story, mailoutbox):
    seat = late(story)
    tom = Person("tom")
    shown = tom.client.get(page_of(seat)).text
    preview = html.unescape(html.unescape(re.search(r'<pre class="remind__text">(.*?)</pre>', shown, re.DOTALL)[1]))
    fields = tom.fields(page_of(seat), having="note")
    done = tom.client.post(URL, fields, follow=True)
    assert "A reminder is on its way to Claire Dubois." in done.text
    assert done.redirect_chain == [(f"/admin/articles/article/{seat.round.article_id}/change/", 302)]
    outbox.send_due(now=OutboxMessage.objects.get().not_before)
    assert [mail.to for mail in mailoutbox] == [[story.people["claire"].email]]
    assert mailoutbox[0].body.split() == preview.split()


def test_the_mail_is_shown_with_the_note_as_text_and_nothing_is_written(story):
    seat = late(story)
    tom, before = Person("tom"), counts()
    shown = tom.client.post(page_of(seat), {**_form(seat), "note": HOSTILE, "look": "1"}).text
    assert "<script>alert" not in shown
    frame = html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ link }} &amp;quot;" in frame
    assert "<script" not in frame
    assert counts() == before


def test_a_get_changes_nothing_however_often(story):
    seat = late(story)
    tom, before = Person("tom"), counts()
    for url in (URL, page_of(seat), page_of(seat) + "&again=1&note=x"):
        assert tom.client.get(url).status_code == 200
    assert counts() == before
    assert not HandledRequest.objects.filter(verb="remind").exists()


@pytest.mark.parametrize("username", ["nora", "claire", "stranger"])
def test_for_nobody_but_editors_there_is_such_a_page(username, story):
    seat = late(story)
    person = Person(username)
    missing = {404} if username != "stranger" else {302, 403}
    assert person.client.get(page_of(seat)).status_code in missing
    assert person.client.post(URL, _form(seat)).status_code in {*missing, 403}
    assert not ManualReminder.objects.exists()


def test_each_row_says_how_late_and_when_they_were_last_reminded(story):
    seat = late(story)
    assert "not reminded yet" in Person("tom").client.get(page_of(seat)).text
    use(story, seat, "remind", "ingrid")
    shown = Person("tom").client.get(page_of(seat)).text
    assert "3 days late" in shown
    assert "review due 27 February 2026" in shown
    assert "reminded by Ingrid Solberg on 2 March 2026" in shown


def test_whoever_was_just_reminded_is_not_ticked_and_ticking_them_sends_all_the_same(story):
    seat = late(story)
    use(story, seat, "remind", "ingrid")
    tom = Person("tom")
    fields = tom.fields(page_of(seat), having="note")
    assert not {"seat", "again"} & fields.keys()
    assert "Nobody is ticked" in tom.client.post(URL, fields).text
    assert len(mail_to("claire")) == 1
    tom.client.post(URL, {**fields, "again": [seat.pk]})
    assert len(mail_to("claire")) == 2


def test_two_editors_at_once_remind_once_and_the_second_is_told(story):
    seat = late(story)
    fields = {name: Person(name).fields(page_of(seat), having="note") for name in ("tom", "ingrid")}
    assert Person("tom").client.post(URL, fields["tom"]).status_code == 302
    second = Person("ingrid").client.post(URL, fields["ingrid"])
    assert second.status_code == 403
    assert "Tom Okafor reminded Claire Dubois on 2 March 2026" in second.text
    assert len(mail_to("claire")) == 1


def test_the_same_page_sent_twice_sends_one_mail_to_each(story):
    claire = late(story)
    ravi = story.seat(claire.round, "ravi")
    tom = Person("tom").client
    form = _form(claire, ravi)
    for _time in range(2):
        assert "Reminders are on their way to Claire Dubois, Ravi" in tom.post(URL, form, follow=True).text
    assert (ManualReminder.objects.count(), len(mail_to("claire")), len(mail_to("ravi"))) == (2, 1, 1)


def test_a_seat_that_moved_on_is_reported_and_the_others_still_go(story):
    claire = late(story)
    ravi = story.seat(claire.round, "ravi")
    form = _form(claire, ravi)
    ReviewAssignment.objects.filter(pk=claire.pk).update(due_version=2)
    answer = Person("tom").client.post(URL, form)
    assert answer.status_code == 409
    assert "This seat moved on since you opened the page." in answer.text
    assert (mail_to("claire"), len(mail_to("ravi"))) == ([], 1)


def test_a_seat_that_was_given_back_meanwhile_is_reported(story):
    seat = late(story)
    form = _form(seat)
    use(story, seat, "recuse", "claire", reason="My brother wrote it.")
    answer = Person("tom").client.post(URL, form)
    assert answer.status_code == 403
    assert "This seat isn&#x27;t waiting for anybody: there is nobody to remind." in answer.text
    assert not ManualReminder.objects.exists()


@pytest.mark.parametrize("given", ["0", "999999", "-1", "abc", "", "9" * 30, "١", "1;DROP TABLE", "\x00"])
def test_an_id_that_is_no_seat_is_answered_in_words(given, story):
    seat = late(story)
    tom = Person("tom").client
    shown = tom.get(URL, {"seat": [given, seat.pk]})
    assert shown.status_code == 200
    assert "isn&#x27;t there any more" in shown.text
    assert "Claire Dubois" in shown.text
    form = {**_form(seat), "listed": [given], "seat": [given]}
    sent = tom.post(URL, form)
    assert sent.status_code == 200
    assert not ManualReminder.objects.exists()


@pytest.mark.parametrize("wrong", [{"request_id": "x"}, {"note": "x" * 1001}, {"note": "a\x00b"}, {"seat": []}])
def test_a_form_that_cannot_be_is_refused_and_keeps_the_page(wrong, story):
    seat = late(story)
    answer = Person("tom").client.post(URL, {**_form(seat), **wrong})
    assert answer.status_code == 422
    assert "Claire Dubois" in answer.text
    assert not ManualReminder.objects.exists()


def test_an_author_who_edits_learns_no_reviewers_name_from_the_page_or_the_desk(story, people):
    seat = late(story)
    seat.round.article.authors.add(people["tom"])
    tom = Person("tom").client
    shown = tom.get(page_of(seat)).text
    assert "You are an author of this article" in shown
    for page in (shown, tom.get(URL).text, tom.get("/admin/").text):
        assert "Claire Dubois" not in page
    answer = tom.post(URL, _form(seat))
    assert answer.status_code == 403
    assert "Claire Dubois" not in answer.text


def test_whoever_is_away_or_stands_by_is_listed_with_the_reason(story):
    claire = late(story)
    away(story, "claire", first=story.now.date(), last=story.now.date() + timedelta(days=4))
    shown = Person("tom").client.get(page_of(claire, story.seat(claire.round, "eva"))).text
    assert "Claire Dubois is away until 6 March 2026, and nobody covers." in shown
    assert "An alternate who stands by owes nothing yet." in shown
    assert "Send the reminder" not in shown


def test_what_was_signed_is_called_neither_late_nor_unreminded(story):
    claire = late(story)
    story.sign(claire.round, "claire")
    shown = Person("tom").client.get(page_of(claire)).text
    assert "This review is signed already: there is nobody to remind." in shown
    assert "late" not in shown.partition('id="skipped"')[2]
    assert "not reminded yet" not in shown


def test_a_mail_into_the_night_says_when_it_leaves(story):
    seat = late(story)
    hour = (story.now + timedelta(hours=1)).hour
    MailPreferences.objects.create(
        user=story.people["claire"], hour=(hour + 3) % 24, quiet_from=hour, quiet_until=(hour + 2) % 24
    )
    User.objects.filter(username="claire").update(time_zone="UTC")
    shown = Person("tom").client.get(page_of(seat)).text
    assert "Leaves on 2 March 2026" in shown
    assert "after their quiet hours" in shown


def test_the_note_is_shown_to_nobody_but_in_the_mail_to_its_member(story, people):
    claire = late(story)
    send("tom", claire, note=NOTE)
    people["eva"].groups.add(Group.objects.get(name="chief editor"))
    article = f"/admin/articles/article/{claire.round.article_id}/change/"
    pages = ["/admin/", article, URL, page_of(claire), "/admin/editorial/outboxmessage/"]
    pages += ["/admin/editorial/auditevent/", "/admin/reviews/reminderdispatch/"]
    event = AuditEvent.objects.get(kind="reminder.by_hand")
    message = OutboxMessage.objects.get(kind="manual")
    pages += [f"/admin/editorial/auditevent/{event.pk}/change/"]
    pages += [f"/admin/editorial/outboxmessage/{message.pk}/change/"]
    pages += [seat.get_absolute_url() for seat in ReviewAssignment.objects.all()]
    for name in ("ravi", "eva", "nora", "tom", "ingrid", "samuel"):
        person = Person(name)
        for page in pages:
            assert "mother" not in person.client.get(page, follow=True).text, (name, page)


def test_the_page_costs_the_same_for_one_three_and_thirty_seats(story, people):
    """Thirty seats of one round, so that what grows is the number of rows."""
    seat = late(story)
    article = seat.round.article
    tom = Person("tom").client
    for number in range(30):
        user = User.objects.create(username=f"m{number}", email=f"m{number}@example.org", first_name=f"M{number}")
        member = type(seat.member).objects.create(user=user, slug=f"m{number}", joined_on=story.now.date())
        copied = ReviewAssignment.objects.filter(pk=seat.pk).values().get()
        ReviewAssignment.objects.create(**{**copied, "id": None, "member_id": member.pk})
    seats = list(ReviewAssignment.objects.filter(round__article=article, member__slug__startswith="m"))
    tom.get(page_of(*seats[:1]))
    queries = []
    for some in (seats[:1], seats[:3], seats[:30]):
        with CaptureQueriesContext(connection) as found:
            shown = tom.get(page_of(*some)).text
        assert shown.count('class="remind__html"') == len(some)
        queries.append(len(found))
    assert len(set(queries)) == 1, "\n".join(q["sql"][-250:] for q in found.captured_queries[:16])


# The ways to it


def test_the_panel_and_the_desk_lead_to_the_page_and_say_when_they_were_reminded(story):
    seat = late(story)
    tom = Person("tom").client
    article = f"/admin/articles/article/{seat.round.article_id}/change/"
    send("tom", seat)
    both = page_of(seat, story.seat(seat.round, "ravi"))
    for page, link in (("/admin/", both), ("/admin/queue/", both), (article, page_of(seat))):
        text = tom.get(page).text
        assert f'href="{link}"' in text.replace("&amp;", "&")
        assert "reminded by Tom Okafor on 2 March 2026" in text
    author = Person("nora").client.get(article).text
    assert "reminded by" not in author
    assert URL not in author


def test_the_desk_leads_to_all_that_is_late(story):
    seats = [late(story), late(story, title="Is this late, too?")]
    text = Person("tom").client.get("/admin/").text
    assert f'<a class="button" href="{URL}">Remind them all</a>' in text
    fields = Person("tom").fields(URL, having="note")
    everybody = [
        pk for seat in seats for pk in seat.round.assignments.exclude(seat="alternate").values_list("pk", flat=True)
    ]
    assert sorted(map(int, fields["seat"])) == sorted(everybody)


def test_the_list_of_articles_leads_to_the_late_seats_of_those_ticked_and_says_whom_it_leaves_out(story):
    claire = late(story)
    fresh = opened(story, "claire", "ravi", fields={"title": "Is it in time?"})
    form = {"action": "remind_late", "_selected_action": [claire.round.article_id, fresh.article_id]}
    answer = Person("tom").client.post("/admin/articles/article/", form, follow=True)
    expected = page_of(claire, story.seat(claire.round, "ravi"))
    assert answer.redirect_chain == [(expected, 302)]
    assert "Nobody is late on “Is it in time?”." in answer.text
    assert "Claire Dubois" in answer.text


def test_a_late_answer_is_late_too(story):
    seat = invited(story)
    ReviewAssignment.objects.filter(pk=seat.pk).update(respond_on=story.now.date() - timedelta(days=1))
    form = {"action": "remind_late", "_selected_action": [seat.round.article_id]}
    answer = Person("tom").client.post("/admin/articles/article/", form, follow=True)
    assert "1 day late" in answer.text
    assert "answer due 1 March 2026" in answer.text


def test_where_nobody_is_late_the_list_says_so_and_stays(story):
    round = opened(story)
    form = {"action": "remind_late", "_selected_action": [round.article_id]}
    answer = Person("tom").client.post("/admin/articles/article/", form, follow=True)
    assert "Nobody is late on “How low should blood pressure be?”." in answer.text
    assert answer.redirect_chain[-1][0].startswith("/admin/articles/article/")


def test_authors_are_not_offered_to_remind(story):
    late(story)
    nora = Person("nora").client
    assert "remind_late" not in nora.get("/admin/articles/article/").text
    form = {"action": "remind_late", "_selected_action": [ReviewAssignment.objects.first().round.article_id]}
    assert URL not in nora.post("/admin/articles/article/", form, follow=True).request["PATH_INFO"]


def test_nothing_is_late_on_an_empty_page(story):
    opened(story)
    assert "No review is late" in Person("tom").client.get(URL).text
