"""Erasing somebody takes what is personal, and nothing of what they answer for."""

import builtins
import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client

from articles import drafts
from articles.models import PublicPage
from editorial import audit, erasure, outbox
from editorial.conditions import Refused
from editorial.models import (
    Absence,
    AuditEvent,
    BoardMember,
    Interest,
    Notification,
    OutboxMessage,
    PersonalText,
    User,
)
from editorial.roles import Role
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewAssignment, ReviewComment, ReviewDraft, Signature
from tests.conftest import NOW
from tests.desk import Person

WHY = "Asked for it by letter of 2 March."
UNSAVED = "Typed and never saved"


def erase(user: User, people, **values) -> User:
    return erasure.erase(user, actor=User.system(), **{"reason": WHY, **values})


@pytest.fixture
def gone(story, people, django_capture_on_commit_callbacks):
    """Claire signed a live page, recused from another one, left notes behind, and is erased."""
    article = story.published()
    second = story.round(title="Does salt matter?")
    story.declare(second, "claire", has_conflict=True, details="My sister works there.")
    third = story.round(title="And sugar?")
    story.sign(third, "claire", private_note="The author is a friend of Tom.")
    claire = User.objects.get(pk=people["claire"].pk)
    workflow.add_comment(third.article, actor=claire, now=story.tick(), kind="question", body="Which dose?")
    ReviewDraft.objects.create(assignment=story.seat(third, "claire"), data={"comment": "unsent"}, saved_at=story.now)
    drafts.keep(article, claire, {"title": [UNSAVED]}, now=story.now)
    member = people["claire"].board_member
    for biography in ("Born in Lyon.", "Trained in Lyon."):
        member.biography = biography
        member.save()
    Interest.objects.create(member=member, company="Lyon Pharma", nature="Shares held by her", since=story.now.date())
    Absence.objects.create(member=member, first_day=story.now.date(), last_day=story.now.date())
    EmailAddress.objects.create(user=people["claire"], email="claire@example.org")
    outbox.write("news", people["tom"], now=story.now, text="Claire Dubois recused from “Salt”.", path="/admin/")
    Person("ingrid").fill(
        f"/admin/editorial/user/{people['claire'].pk}/change/",
        having="first_name",
        time_zone="Europe/Rome",
        password=PASSWORD,
    )
    workflow.leave_board(member, actor=people["claire"], reason="A new post in Lyon.")
    with django_capture_on_commit_callbacks(execute=True):
        erased = erase(people["claire"], people)
    return article, erased


def everything() -> str:
    """All that the tables hold but for what is kept on purpose."""
    kept = {"Signature", "Publication", "PublicPage", "PublicNotice", "Session", "ContentType", "Permission"}
    from django.apps import apps  # why: read once the models are there

    rows = []
    for model in apps.get_models():
        if model.__name__ not in kept:
            rows.extend(map(str, model._base_manager.values()))
    return "\n".join(rows)


def test_nothing_personal_is_left(gone):
    held = everything()
    for word in (
        "Claire",
        "Dubois",
        "claire@",
        "Lyon",
        "sister",
        "friend of Tom",
        "Saint-Roch",
        "DUB-",
        "unsent",
        UNSAVED,
    ):
        assert word not in held, held[max(0, held.index(word) - 300) : held.index(word) + 80]


def test_the_account_opens_nothing_any_more(gone):
    _article, user = gone
    user = User.objects.get(pk=user.pk)
    assert (user.is_active, user.get_full_name(), user.email, user.time_zone) == (False, "", "", "UTC")
    assert user.erased_at is not None
    assert user.shown_name == f"erased-{user.uuid.hex[:12]}"
    assert not user.has_usable_password()
    assert not user.groups.exists()
    assert not Client().login(username=user.username, password="correct horse battery")


def test_signatures_and_pages_keep_the_shown_name_and_everything_verifies(gone):
    article, user = gone
    signature = Signature.objects.filter(signer=user).first()
    assert (signature.shown_name, signature.shown_credentials) == ("Claire Dubois", "MD")
    page = PublicPage.objects.get(publication__article=article)
    assert "Claire Dubois" in page.main_html
    assert "/board/claire-dubois/" not in page.main_html
    assert [row.name for row in page.reviewed_by.all()] == ["Ravi Menon"]
    assert Client().get("/board/claire-dubois/").status_code == 404
    call_command("verify")
    call_command("rebuild_public")
    assert audit.verify() == []


def test_comments_and_reviews_keep_their_words_without_the_name(gone):
    _article, user = gone
    comment = ReviewComment.objects.get(author=user)
    assert (comment.body, str(comment.author)) == ("Which dose?", user.shown_name)
    assert Review.objects.filter(member__user=user).count() == 2


def test_confidential_texts_are_wiped_with_their_salts(gone):
    erased = PersonalText.objects.exclude(erased_at=None)
    assert {(text.text, text.salt) for text in erased} == {("", "")}
    assert erased.count() == 3


def test_the_event_names_the_reason_and_no_name(gone):
    _article, user = gone
    event = AuditEvent.objects.get(kind="person.erased")
    assert event.subject == f"user:{user.uuid}"
    assert json.loads(event.body)["data"] == {"reason": WHY}


def test_messages_to_others_lose_the_name_and_their_own_are_never_sent(gone):
    _article, user = gone
    tom = OutboxMessage.objects.filter(recipient__username="tom", payload__text__icontains="recused")
    assert {message.payload["text"] for message in tom} >= {f"{user.username} recused from “Salt”."}
    own = OutboxMessage.objects.filter(recipient=user)
    assert {message.status for message in own} == {OutboxMessage.Status.SKIPPED}
    assert set(Notification.objects.filter(user=user).values_list("text", flat=True)) == {""}


def test_words_that_hold_the_name_of_somebody_else_stay(people):
    """“Tom” stands in symptom, and a Tom Okaforth is another person."""
    User.objects.filter(pk=people["lena"].pk).update(first_name="", last_name="", username="tom2")
    outbox.write("news", people["ravi"], now=NOW, text="A symptom. Tom Okaforth; tom2 and atom2.", path="/")
    erase(User.objects.get(username="tom2"), people)
    erase(people["tom"], people)
    (message,) = OutboxMessage.objects.filter(recipient=people["ravi"])
    (lena,) = User.objects.filter(pk=people["lena"].pk)
    assert message.payload["text"] == f"A symptom. Tom Okaforth; {lena.username} and atom2."


def test_the_desk_still_opens_with_an_erased_member_on_it(gone):
    article, user = gone
    ingrid = Person("ingrid").client
    member = BoardMember.objects.get(user=user)
    pages = (
        "/admin/",
        "/admin/editorial/boardmember/",
        f"/admin/editorial/boardmember/{member.pk}/change/",
        f"/admin/editorial/boardmember/{member.pk}/history/",
        "/admin/editorial/user/",
        f"/admin/articles/article/{article.pk}/change/",
        "/admin/board/invitations/",
        "/admin/editorial/outboxmessage/",
    )
    for page in pages:
        assert ingrid.get(page).status_code == 200, page


def test_an_erased_account_is_not_brought_back_in_the_admin(gone, people):
    _article, user = gone
    url = f"/admin/editorial/user/{user.pk}/change/"
    assert Person("ingrid").client.post(url, {"username": "claire", "is_active": "on"}).status_code == 403
    assert User.objects.get(pk=user.pk).is_active is False


def test_erasing_twice_is_refused(gone, people):
    _article, user = gone
    with pytest.raises(Refused, match="erased already"):
        erase(User.objects.get(pk=user.pk), people)


def test_another_persons_texts_stay(story, people):
    round = story.round()
    story.sign(round, "ravi", private_note="Mine.")
    erase(people["sofia"], people)
    assert PersonalText.objects.get().text == "Mine."
    assert ReviewAssignment.objects.filter(round=round).count() == 2
    call_command("verify")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ingrid", "last chief editor"),
        ("claire", "They owe reviews .1."),
        ("tom", "They handle articles that are under way .1."),
        ("nora", "They write articles that are under way .1."),
    ],
)
def test_whoever_has_something_under_their_hand_is_not_erased(story, people, who, said):
    story.round()
    with pytest.raises(Refused, match=said):
        erase(people[who], people)
    assert User.objects.get(username=who).erased_at is None
    with pytest.raises(CommandError, match=said):
        call_command("erase_person", who, "--reason", WHY, "--yes")


def test_one_of_two_chief_editors_is_erased(people):
    people["lena"].groups.add(Group.objects.get(name=Role.CHIEF))
    erase(people["ingrid"], people)
    assert User.objects.get(pk=people["ingrid"].pk).erased_at is not None


def test_the_system_is_no_person(people):
    with pytest.raises(Refused, match="isn't a person"):
        erase(User.system(), people)


@pytest.mark.parametrize("who", ["tom", "claire", "sofia", "nora"])
def test_only_a_chief_or_the_operator_erases(people, who):
    with pytest.raises(Refused, match="chief editor"):
        erasure.erase(people["sofia"], actor=people[who], reason=WHY)


@pytest.mark.parametrize("reason", ["", " "])
def test_a_reason_is_needed(people, reason):
    with pytest.raises(Refused, match="reason"):
        erase(people["sofia"], people, reason=reason)


def test_the_command_asks_and_does_nothing_without_an_answer(people, monkeypatch, capsys):
    monkeypatch.setattr(builtins, "input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", "sofia", "--reason", WHY)
    monkeypatch.setattr(builtins, "input", lambda question: "sofia")
    call_command("erase_person", "sofia", "--reason", WHY)
    assert not User.objects.filter(username="sofia").exists()


def test_the_command_names_an_account_that_is_not_there(people):
    with pytest.raises(CommandError, match="no account “nobody”"):
        call_command("erase_person", "nobody", "--reason", WHY, "--yes")


def test_no_event_names_anybody(story, people):
    """What the chain holds can't be erased, so it never holds a name, an address or a licence."""
    article = story.published()
    round = story.round(title="And salt?")
    story.declare(round, "claire", has_conflict=True, details="My sister.")
    workflow.leave_board(people["ravi"].board_member, actor=people["ravi"], reason="Moving to Goa.")
    workflow.strike_off(people["eva"].board_member, actor=people["ingrid"], reason="Fraud.")
    bodies = "\n".join(AuditEvent.objects.values_list("body", flat=True))
    for user in people.values():
        for word in (user.last_name, user.email):
            assert word not in bodies
    assert article.title in bodies  # an article isn't a person
    for word in ("sister", "Goa", "Fraud"):
        assert word not in bodies
