"""Nothing that a member typed is lost: drafts, sign-out, wrong passwords, and rounds that closed in the meantime."""

import uuid

import pytest
from django.test import Client

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import AuditEvent, Notification, ReviewRule
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewComment, ReviewDraft
from tests.desk import Person, checked
from tests.editorial.test_verify import found

WRITTEN = {"comment": "Say which dose.", "private_note": "Between us.", "verdict": "changes_needed"}


@pytest.fixture
def round(story):
    round = story.round()
    story.declare(round, "claire")
    return round


@pytest.fixture
def url(story, round) -> str:
    return f"/admin/reviews/{story.seat(round, 'claire').pk}/"


def save(url, person: str = "claire", **values):
    return Person(person).fill(url, having="password", save_draft="1", **{**WRITTEN, **values})


def test_a_saved_draft_is_there_on_the_next_visit_and_signs_nothing(round, url):
    events = AuditEvent.objects.count()
    assert save(url, checklist_doses="no").status_code == 302
    page = Person("claire").client.get(url).text
    assert "Saved on " in page
    fields = Person("claire").fields(url, having="password")
    assert (fields["comment"], fields["private_note"]) == (WRITTEN["comment"], WRITTEN["private_note"])
    assert (fields["verdict"], fields["checklist_doses"]) == (["changes_needed"], ["no"])
    assert fields["password"] == ""
    assert not Review.objects.exists()
    assert AuditEvent.objects.count() == events


def test_a_password_is_never_kept(round, url):
    save(url, password=PASSWORD)
    assert PASSWORD not in str(ReviewDraft.objects.get().data)


def test_an_empty_form_may_be_saved_and_a_second_save_replaces_the_first(round, url):
    assert save(url, comment="", private_note="", verdict=None).status_code == 302
    assert ReviewDraft.objects.get().data == {}
    save(url, comment="More.")
    assert ReviewDraft.objects.get().data["comment"] == "More."


def test_signing_ends_the_draft(round, url):
    save(url)
    fields = Person("claire").fields(url, having="password")
    assert Person("claire").client.post(url, {**fields, "password": PASSWORD, "sign": "1"}).status_code == 302
    assert Review.objects.get().comment == WRITTEN["comment"]
    assert not ReviewDraft.objects.exists()


@pytest.mark.parametrize("values", [{"comment": "a\x00b"}, {"comment": "x" * 20_001}, {"verdict": "approve_all"}])
def test_what_could_not_be_stored_is_a_form_error_and_stays_typed(values, round, url):
    refused = save(url, **{"private_note": "Still here.", **values})
    assert refused.status_code == 422
    assert "Still here." in refused.text
    assert not ReviewDraft.objects.exists()


def test_nobody_else_reads_or_writes_a_draft(story, round, url):
    save(url, comment="Canary of Claire.")
    for person in ("ravi", "tom", "nora", "ana"):
        client = Person(person).client
        assert client.get(url).status_code == 404
        assert client.post(url, {**WRITTEN, "save_draft": "1"}).status_code == 404
    for person, page in (("tom", f"/admin/articles/article/{round.article_id}/change/"), ("ravi", "/admin/")):
        assert "Canary of Claire." not in Person(person).client.get(page).text


def test_the_verb_refuses_undeclared_foreign_and_closed_seats(story, people):
    round = story.round()
    values = {"now": story.now, "assignment": story.seat(round, "claire"), "data": WRITTEN}
    with pytest.raises(Refused, match="Declare your interests first"):
        workflow.save_draft(round.article, actor=people["claire"], **values)
    with pytest.raises(Refused, match="This seat isn't yours"):
        workflow.save_draft(round.article, actor=people["ravi"], **values)
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A number.")
    with pytest.raises(Refused, match="This round is closed"):
        workflow.save_draft(round.article, actor=people["claire"], **values)
    assert not ReviewDraft.objects.exists()


def test_what_was_written_and_not_signed_is_shown_after_the_round_closed(story, people, round, url):
    save(url)
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A number.")
    page = Person("claire").client.get(url).text
    assert "You had written, and not signed:" in page
    assert WRITTEN["comment"] in page


def test_a_form_sent_after_sign_out_waits_for_the_sign_in(round, url):
    client = Person("claire").client
    form = {**Person("claire").fields(url, having="password"), **WRITTEN, "checklist_doses": "no", "password": PASSWORD}
    client.logout()
    away = client.post(url, {**form, "sign": "1"})
    assert away.status_code == 302
    assert "login" in away["Location"]
    assert PASSWORD not in str(dict(client.session))
    signed_in = client.post(
        f"/accounts/login/?next={url}", {"login": "claire", "password": PASSWORD, "next": url}, follow=True
    )
    assert signed_in.redirect_chain[-1][0] == url
    assert "What you had typed is here again." in signed_in.text
    assert WRITTEN["comment"] in signed_in.text
    assert not Review.objects.exists()
    assert "What you had typed" not in client.get(url).text


def test_what_was_typed_before_sign_in_is_for_its_seat_alone(story, round, url):
    client = Client()
    client.post(url, {**WRITTEN, "comment": "Canary.", "sign": "1"})
    assert client.login(username="ravi", password=PASSWORD)
    assert client.get(url).status_code == 404
    story.declare(round, "ravi")
    assert "Canary." not in client.get(f"/admin/reviews/{story.seat(round, 'ravi').pk}/").text


def test_a_flood_sent_without_signing_in_is_cut_to_what_the_form_takes(round, url):
    client = Client()
    flood = {f"checklist_{number}": "x" * 5_000 for number in range(300)}
    client.post(url, {"comment": "x" * 100_000, "other": "y" * 100_000, **flood, "sign": "1"})
    assert len(str(dict(client.session))) < 40_000


def late(story, round, url, people, **values):
    """The round is withdrawn while Claire's page is open; then she signs."""
    claire = Person("claire")
    form = {**claire.fields(url, having="password"), **checked(round), "password": PASSWORD, "sign": "1", **values}
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A number.")
    return claire, form, claire.client.post(url, form)


def test_a_review_after_the_decision_is_refused_and_kept_as_a_comment(story, people, round, url):
    claire, form, answer = late(story, round, url, people, **WRITTEN)
    assert answer.status_code == 403
    assert "This round is closed. Thank you." in answer.text
    assert "Your words are kept as a comment" in answer.text
    comment = ReviewComment.objects.get()
    assert (comment.kind, comment.body) == ("late", "(Changes needed)\n\nSay which dose.")
    assert "Between us." not in comment.body
    assert "Between us." in Notification.objects.filter(user=people["tom"]).first().text
    assert not Review.objects.exists()
    assert found() == {}
    claire.client.post(url, form)
    claire.client.post(url, {**form, "request_id": uuid.uuid4()})
    assert ReviewComment.objects.count() == 1


def test_the_editor_reads_a_late_review_with_its_name_and_the_author_without(story, people, round, url):
    late(story, round, url, people, **WRITTEN)
    page = f"/admin/articles/article/{round.article_id}/change/"
    tom, nora = Person("tom").client.get(page).text, Person("nora").client.get(page).text
    assert "Say which dose." in tom
    assert "Say which dose." in nora
    assert "Claire Dubois" in tom
    assert "Claire" not in nora
    assert "Reviewer 1, cardiology" in nora
    assert "Between us." not in nora


def test_a_late_review_keeps_its_words_even_when_the_form_is_incomplete(story, people, round, url):
    _claire, _form, answer = late(story, round, url, people, comment="Half written.", verdict="", password="")
    assert answer.status_code == 403
    assert ReviewComment.objects.get().body == "Half written."


def test_a_late_approval_without_a_word_keeps_nothing(story, people, round, url):
    _claire, _form, answer = late(story, round, url, people, verdict="approve")
    assert "This round is closed. Thank you." in answer.text
    assert not ReviewComment.objects.exists()


def test_the_article_published_meanwhile_says_so_and_keeps_the_words(story, people):
    ReviewRule.objects.filter(approvals__gt=0).update(editor_confirms=False)
    round = story.round("claire", "ravi", "sofia")
    for name in ("claire", "ravi", "sofia"):
        story.declare(round, name)
    claire, url = Person("claire"), f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    story.sign(round, "claire")
    form = {**claire.fields(url, having="password"), **checked(round), "password": PASSWORD, "sign": "1", **WRITTEN}
    for name in ("ravi", "sofia"):
        story.sign(round, name)
    assert Article.objects.get().state == "approved"
    answer = claire.client.post(url, form)
    assert answer.status_code == 403
    assert ReviewComment.objects.get().kind == "late"
    assert Review.objects.count() == 3


def test_words_can_be_sent_late_only_by_whoever_held_a_seat_to_its_end(story, people, round):
    values = {"now": story.now, "verdict_label": "", "comment": "Late.", "assignment": story.seat(round, "claire")}
    with pytest.raises(Refused, match="still open"):
        workflow.keep_late(round.article, actor=people["claire"], **values)
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A number.")
    with pytest.raises(Refused, match="This seat isn't yours"):
        workflow.keep_late(round.article, actor=people["ravi"], **values)
    undeclared = {**values, "assignment": story.seat(round, "ravi")}
    with pytest.raises(Refused, match="has ended"):
        workflow.keep_late(round.article, actor=people["ravi"], **undeclared)
    assert not ReviewComment.objects.exists()
