"""One person with two roles never plays both on one article."""

import pytest
from django.contrib.auth.models import Group

from articles import workflow as bare
from articles.models import Article
from editorial.conditions import Refused
from editorial.models import AuditEvent, OutboxMessage, Specialty, User
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewAssignment, ReviewComment, Signature
from tests.articles.test_ending import second
from tests.desk import Person
from tests.reviews.later import asked_again, current, hold
from tests.reviews.panels import ask_for_answers, force, opened

ON_PANEL = "on this article&#x27;s panel"
WORDS, NOTE = "The second sentence is too bold.", "Please ask a nephrologist."


def also(people, username: str, role: str) -> User:
    people[username].groups.add(Group.objects.get(name=role))
    return User.objects.get(username=username)


@pytest.fixture
def claire(people):
    """A board member who edits too."""
    return also(people, "claire", "editor")


@pytest.fixture
def chief(people):
    """A board member who is chief editor too."""
    return also(people, "claire", "chief editor")


@pytest.fixture
def signed(story):
    """Claire and Ravi are asked, and Ravi has signed."""
    round = story.round()
    story.sign(round, "ravi", "approve_with_suggestions", comment=WORDS, private_note=NOTE)
    return round


def page(person: str, round, part: str = "change/") -> str:
    return Person(person).client.get(f"/admin/articles/article/{round.article_id}/{part}").text


def test_whoever_sits_on_the_panel_never_releases_another_seat_of_it(story, claire):
    round = story.round("claire", "ravi")
    with pytest.raises(Refused, match="on this article's panel"):
        workflow.release(
            round.article, actor=claire, now=story.tick(), assignment=story.seat(round, "ravi"), reason="In my way."
        )
    assert ReviewAssignment.objects.filter(round=round, state="released").count() == 0


def test_nobody_carries_their_own_signature_into_a_round_that_they_open(story, people, claire):
    round = story.round("claire", "ravi")
    story.sign(round, "claire")
    article = workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A second look.")
    article = story.triaged(Article.objects.get(pk=article.pk))
    own = Review.objects.get(round=round)
    with pytest.raises(Refused, match="your own signature isn't carried"):
        workflow.open_round(article, actor=claire, now=story.tick(), members=[people["ravi"].board_member], carry=[own])


# What an editor with a seat may not do


@pytest.mark.parametrize("verb", ["request_changes", "reject", "withdraw", "add_seat", "confirm"])
@pytest.mark.parametrize("stage", ["invited", "accepted", "completed", "alternate"])
def test_whoever_has_a_seat_moves_neither_the_article_nor_its_panel(verb, stage, story, people, claire):
    if stage == "invited":
        ask_for_answers()
    round = opened(story, "ravi", "eva", alternates=["claire"]) if stage == "alternate" else opened(story)
    if stage == "completed":
        story.sign(round, "claire")
    values = {"reason": "For the test.", "password": PASSWORD, "member": people["liam"].board_member.pk}
    refused = Person("claire").force(round.article, verb, kind="optional", **values)
    assert refused.status_code == 403
    assert ON_PANEL in refused.text
    assert Article.objects.get().state == "under_review"
    assert round.assignments.count() == (3 if stage == "alternate" else 2)


@pytest.mark.parametrize("verb", ["extend", "release"])
def test_whoever_has_a_seat_leaves_the_others_alone(verb, story, claire, now_is):
    seat = story.seat(story.round(), "ravi")
    refused = force(Person("claire"), seat, verb)
    assert refused.status_code == 403
    assert ON_PANEL in refused.text
    assert ReviewAssignment.objects.get(pk=seat.pk).due_version == 1
    assert force(Person("tom"), seat, verb).status_code == 302


@pytest.mark.parametrize("first", [False, True])
def test_whoever_has_a_seat_resolves_nobody_elses_must_fix(first, story, claire):
    """Before they sign it isn't even there for them."""
    round = story.round()
    story.declare(round, "ravi")
    comment = workflow.add_comment(
        round.article, actor=story.people["ravi"], now=story.tick(), kind="must_fix", body=WORDS
    )
    if first:
        story.sign(round, "claire")
    url = f"/admin/comments/{comment.pk}/resolve/"
    form = {"stamp": Article.objects.get().stamp, "request_id": "0" * 32, "reason": "It is fine."}
    assert Person("claire").client.post(url, form).status_code == (403 if first else 404)
    assert ReviewComment.objects.get(pk=comment.pk).is_open
    assert Person("tom").client.post(url, form).status_code == 302


@pytest.mark.parametrize("verb", ["lift", "restore"])
def test_a_chief_who_is_asked_to_confirm_a_page_does_not_put_it_back(verb, story, chief):
    asked_again(story, second(story), "claire")
    article = hold(story, Article.objects.get())
    refused = Person("claire").force(article, verb, reason="It is fine.", password=PASSWORD, number=1)
    assert refused.status_code == 403
    assert ON_PANEL in refused.text
    assert current(article).status == "on_hold"


@pytest.mark.parametrize("name", ["void", "keep"])
def test_a_chief_with_a_seat_decides_on_no_signature_of_the_others(name, signed, story, chief):
    row = Signature.objects.get()
    form = {"stamp": signed.article.stamp, "request_id": "0" * 32, "reason": "No.", "password": PASSWORD}
    url = f"/admin/signatures/{row.pk}/{name}/"
    assert Person("claire").client.get(url).status_code == 404
    assert Person("claire").client.post(url, form).status_code == 404
    with pytest.raises(Refused, match="on this article's panel"):
        getattr(workflow, f"{name}_signature")(
            signed.article,
            actor=chief,
            now=story.tick(),
            signature=row,
            reason="No.",
            proof=story.proof("claire"),
        )


# What they see before they sign


@pytest.mark.parametrize("part", ["change/", "verb/confirm/"])
def test_the_articles_page_tells_nothing_of_a_review_before_ones_own(part, signed, claire):
    assert all(text in page("tom", signed) for text in (WORDS, NOTE))
    seen = page("claire", signed, part)
    assert WORDS not in seen
    assert NOTE not in seen
    assert "Approve, with suggestions" not in seen
    assert "1 of 2 approvals" not in seen


def test_once_signed_they_read_the_others_but_not_the_note_to_the_editor(signed, story, claire):
    story.sign(signed, "claire")
    for seen in (
        page("claire", signed),
        Person("claire").client.get(story.seat(signed, "claire").get_absolute_url()).text,
    ):
        assert WORDS in seen
        assert NOTE not in seen


def test_a_private_note_is_for_the_editor_and_for_no_other_reviewer(signed, story):
    story.sign(signed, "claire")
    seen = Person("claire").client.get(story.seat(signed, "claire").get_absolute_url()).text
    assert WORDS in seen
    assert NOTE not in seen


def test_an_objection_is_shown_nowhere_to_an_editor_who_has_still_to_sign(story, chief):
    round = story.round()
    story.sign(round, "ravi", "safety_objection", comment=WORDS)
    home = Person("claire").client.get("/admin/").text
    assert "No safety objection stands." in home
    assert "Nothing waits for an editor" in home
    assert WORDS not in page("claire", round)
    url = f"/admin/objections/{round.article.objections.get().pk}/confirm/"
    assert Person("claire").client.get(url).status_code == 404
    assert "No safety objection stands." not in Person("tom").client.get("/admin/").text
    assert WORDS in page("tom", round)


@pytest.mark.parametrize("mode", ["full", "redacted"])
def test_whoever_has_a_seat_takes_no_dossier_along(mode, story, claire):
    article = story.published()
    round = asked_again(story, article, "claire", "ravi")
    url = f"/admin/articles/{article.pk}/dossier/"
    refused = Person("claire").client.post(url, {"mode": mode})
    assert refused.status_code == 403
    assert ON_PANEL in refused.text
    assert url not in page("claire", round)
    assert Person("tom").client.post(url, {"mode": mode}).status_code == 200


def test_the_record_and_the_mail_tell_them_nothing_either(story, chief):
    round = story.round()
    story.sign(round, "ravi", "safety_objection", comment=WORDS)
    event = AuditEvent.objects.get(kind="review.signed")
    mail = OutboxMessage.objects.filter(payload__text__icontains="safety objection").first()
    urls = [f"/admin/editorial/auditevent/{event.pk}/change/", f"/admin/editorial/outboxmessage/{mail.pk}/change/"]
    assert [Person("claire").client.get(url).status_code for url in urls] == [302, 302]
    assert [Person("ingrid").client.get(url).status_code for url in urls] == [200, 200]
    story.sign(round, "claire")
    assert [Person("claire").client.get(url).status_code for url in urls] == [200, 200]


def test_a_chief_with_a_seat_finds_no_signatures_on_the_articles_page(signed, chief):
    assert "1 signature counts" in page("ingrid", signed)
    assert "1 signature counts" not in page("claire", signed)


# What stays


def test_whoever_has_a_seat_still_takes_a_dangerous_page_off_the_site(story, claire):
    article = story.published()
    asked_again(story, article, "claire")
    done = Person("claire").force(article, "hold", reason="A dose may be wrong.", password=PASSWORD)
    assert done.status_code == 302
    assert current(article).status == "on_hold"


@pytest.mark.parametrize("how", ["step_aside", "release"])
def test_whoever_gave_the_seat_back_is_an_editor_again(how, signed, story, claire):
    person = "claire" if how == "step_aside" else "tom"
    assert force(Person(person), story.seat(signed, "claire"), how).status_code == 302
    assert NOTE in page("claire", signed)
    assert Person("claire").force(signed.article, "request_changes", reason="For the test.").status_code == 302


def test_once_the_round_is_closed_they_are_an_editor_again(signed, story, claire):
    workflow.withdraw(signed.article, actor=story.people["tom"], now=story.tick(), reason="A slip.")
    assert NOTE in page("claire", signed)


def test_who_triaged_a_text_and_handed_it_over_is_no_reviewer_of_it(story, people, claire):
    """They chose its risk, and with it how many have to sign."""
    values = {"risk_tier": "low", "specialty": Specialty.objects.get(slug="cardiology"), "handling_editor": claire}
    article = bare.triage(story.submitted(), actor=claire, now=story.tick(), **values)
    article = workflow.hand_over(article, actor=claire, now=story.tick(), handling_editor=people["tom"])
    with pytest.raises(Refused, match="Claire Dubois: decides on this article as its editor"):
        workflow.open_round(article, actor=people["tom"], now=story.tick(), members=[claire.board_member])
    article = workflow.hand_over(article, actor=people["tom"], now=story.tick(), handling_editor=people["lena"])
    with pytest.raises(Refused, match="Claire Dubois: decides on this article as its editor"):
        workflow.open_round(article, actor=people["tom"], now=story.tick(), members=[claire.board_member])


def test_the_next_text_of_an_article_may_have_another_editor_and_them_as_reviewer(story, people, claire):
    values = {"risk_tier": "low", "specialty": Specialty.objects.get(slug="cardiology"), "handling_editor": claire}
    article = bare.triage(story.submitted(), actor=claire, now=story.tick(), **values)
    article = workflow.withdraw(article, actor=people["tom"], now=story.tick(), reason="A second look.")
    round = story.round("claire", "ravi", article=Article.objects.get(pk=article.pk))
    assert story.sign(round, "claire").state == "under_review"
