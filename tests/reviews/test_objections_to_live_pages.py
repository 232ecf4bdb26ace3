"""An objection to the very text that readers have: editors and chiefs know at once, and decide."""

from django.contrib.auth.models import Group
from django.core import mail

from articles.models import Article
from editorial import outbox
from editorial.models import Notification, OutboxMessage
from reviews.models import Objection
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.later import asked_again, revised, round_of
from tests.reviews.test_objections import REASON, step


def objected(story, username: str = "claire") -> Article:
    """A live page that the board is asked to confirm, and a member objects to it."""
    round = asked_again(story, story.published(), "claire", "ravi")
    return story.sign(round, username, VerdictKind.SAFETY_OBJECTION, comment=REASON)


def test_editor_and_chiefs_are_told_at_once_of_an_objection_to_what_readers_have(story):
    article = objected(story)
    told = OutboxMessage.objects.filter(kind="objection")
    assert sorted(row.recipient.username for row in told) == ["ingrid", "tom"]
    assert all(row.not_before == story.now for row in told)
    assert Notification.objects.filter(kind="objection", text__contains="that readers have now").count() == 2
    outbox.send_due(now=story.now)
    urgent = [message for message in mail.outbox if message.subject.startswith("Urgent: a safety objection")]
    assert sorted(address for message in urgent for address in message.to) == ["ingrid@example.org", "tom@example.org"]
    assert all(f"/admin/articles/article/{article.pk}/change/" in message.body for message in urgent)


def test_the_articles_page_and_the_desk_say_that_it_is_in_doubt_until_it_ends(story):
    article = objected(story)
    tom, url = Person("tom").client, f"/admin/articles/article/{article.pk}/change/"
    sentence = "A physician objects to the very text that readers have"
    assert sentence in tom.get(url).text
    assert REASON in tom.get(url).text
    assert "No safety objection stands." not in tom.get("/admin/").text
    assert step("claire", Objection.objects.get(), "withdraw").status_code == 302
    assert sentence not in tom.get(url).text


def test_a_chief_on_the_panel_learns_of_it_only_after_signing(story, people):
    people["ravi"].groups.add(Group.objects.get(name="chief editor"))
    article = objected(story)
    assert not OutboxMessage.objects.filter(kind="objection", recipient=people["ravi"]).exists()
    page = Person("ravi").client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert "A physician objects" not in page


def test_an_objection_to_a_new_text_is_the_editors_business_alone(story):
    article = revised(story, story.published(), "update", replace=("130 mm Hg", "125 mm Hg"))
    story.sign(round_of(story, article, "claire", "ravi"), "claire", VerdictKind.SAFETY_OBJECTION, comment=REASON)
    assert not OutboxMessage.objects.filter(kind="objection").exists()
    page = Person("tom").client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert REASON in page
    assert "A physician objects" not in page
