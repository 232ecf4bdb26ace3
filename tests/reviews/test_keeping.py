"""What a member types is kept while they type: for them alone, never as a signature, and never over a newer text."""

from datetime import timedelta

import pytest
from django.test import Client

from articles.models import Article
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewAssignment, ReviewComment, ReviewDraft
from reviews.workflow.clockwork import EXPIRES_AFTER_DAYS, look_after_seats
from tests.desk import Person, checked

TYPED = {"comment": "Say which dose.", "private_note": "Between us.", "verdict": "changes_needed"}
REMARK = {"quote": "A target below 130 mm Hg", "kind": "question", "words": "For whom?", "place": "clinician"}
HERE, THERE = "window-here", "window-there"


@pytest.fixture
def round(story):
    round = story.round()
    story.declare(round, "claire")
    return round


@pytest.fixture
def url(story, round) -> str:
    return f"/admin/reviews/{story.seat(round, 'claire').pk}/"


def keeps(url, person: str = "claire", **values):
    return Person(person).client.post(f"{url}kept/", {"window": HERE, "since": "", **values})


def draft() -> dict:
    return ReviewDraft.objects.get().data


def test_what_is_typed_is_kept_and_says_when_and_signs_nothing(round, url):
    events = AuditEvent.objects.count()
    answer = keeps(url, **TYPED, checklist_doses="no")
    assert answer.status_code == 200
    assert "Kept at " in answer.text
    assert ", not signed yet" in answer.text
    assert draft()["checklist"] == {"doses": "no"}
    fields = Person("claire").fields(url, having="password")
    assert (fields["comment"], fields["private_note"]) == (TYPED["comment"], TYPED["private_note"])
    assert fields["verdict"] == ["changes_needed"]
    assert not Review.objects.exists()
    assert AuditEvent.objects.count() == events


def test_a_password_is_never_kept(round, url):
    keeps(url, **TYPED, password=PASSWORD)
    assert PASSWORD not in str(draft())


def test_a_comment_being_written_is_kept_and_there_again(round, url):
    keeps(url, **REMARK)
    fields = Person("claire").fields(url, having="words")
    assert (fields["quote"], fields["words"]) == (REMARK["quote"], REMARK["words"])
    assert (fields["kind"], fields["place"]) == (["question"], "clinician")
    assert not ReviewComment.objects.exists()


def test_making_the_comment_ends_its_draft_and_leaves_the_decisions(round, url):
    keeps(url, **REMARK, **TYPED)
    made = Person("claire").fill(url, having="words", remark="1")
    assert made.status_code == 302
    assert ReviewComment.objects.get().body == REMARK["words"]
    assert "remark" not in draft()
    assert draft()["comment"] == TYPED["comment"]
    assert Person("claire").fields(url, having="words")["words"] == ""


def test_making_the_only_thing_that_was_kept_leaves_no_draft(round, url):
    keeps(url, **REMARK)
    Person("claire").fill(url, having="words", remark="1")
    assert not ReviewDraft.objects.exists()


def test_signing_ends_the_decisions_draft_and_leaves_the_comment(round, url):
    keeps(url, **REMARK, verdict="approve")
    signed = Person("claire").fill(url, having="password", password=PASSWORD, sign="1", **checked(round))
    assert signed.status_code == 302
    assert Review.objects.get().verdict == "approve"
    assert set(draft()) == {"remark", "window"}
    page = Person("claire").client.get(url).text
    assert REMARK["words"] in page
    assert "Saved on" not in page


def test_saving_by_hand_leaves_the_comment_as_it_was_kept(round, url):
    keeps(url, **REMARK)
    Person("claire").fill(url, having="password", save_draft="1", **TYPED)
    assert draft()["remark"]["words"] == REMARK["words"]
    assert draft()["comment"] == TYPED["comment"]


def test_emptying_the_form_keeps_nothing(round, url):
    keeps(url, comment="x")
    answer = keeps(url, comment="", kind="suggestion")
    assert answer.status_code == 200
    assert "Kept at" not in answer.text
    assert not ReviewDraft.objects.exists()


def test_what_was_written_in_another_window_is_never_overwritten(round, url):
    keeps(url, comment="On the phone.", window=THERE)
    refused = keeps(url, comment="On the desk.")
    assert refused.status_code == 409
    assert "in another window or on another device" in refused.text
    assert draft()["comment"] == "On the phone."
    newer = ReviewDraft.objects.get().saved_at.isoformat()
    assert f'data-newer="{newer}"' in refused.text
    assert keeps(url, comment="On the desk.", since=newer).status_code == 200
    assert draft()["comment"] == "On the desk."


def test_a_window_that_opened_with_the_newest_text_goes_on_with_it(round, url):
    keeps(url, comment="On the phone.", window=THERE)
    since = ReviewDraft.objects.get().saved_at.isoformat()
    assert f'data-since="{since}"' in Person("claire").client.get(url).text
    assert keeps(url, comment="On the phone, then here.", since=since).status_code == 200
    assert keeps(url, comment="On the phone, then here. More.", since=since).status_code == 200
    assert keeps(url, comment="On the phone again.", window=THERE).status_code == 409
    assert draft()["comment"] == "On the phone, then here. More."


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"comment": "a\x00b"}, "Comment to the author and the editor: "),
        ({"comment": "x" * 20_001}, "Comment to the author and the editor: "),
        ({"verdict": "approve_all"}, "Verdict: "),
        ({"quote": "x" * 2_001}, "Passage: "),
        ({"words": "x" * 5_001}, "Comment: "),
        ({"words": "x", "position": "many"}, "Position: "),
        ({"checklist_doses": "perhaps"}, "data-refusal"),
    ],
)
def test_what_could_not_be_stored_is_refused_in_words(values, says, round, url):
    refused = keeps(url, **values)
    assert refused.status_code == 422
    assert says in refused.text
    assert "data-refusal" in refused.text
    assert not ReviewDraft.objects.exists()


def test_nothing_is_kept_before_the_declaration_or_after_the_round(story, people):
    round = story.round()
    url = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    early = keeps(url, **TYPED)
    assert (early.status_code, "Declare your interests first" in early.text) == (403, True)
    story.declare(round, "claire")
    keeps(url, **TYPED, **REMARK)
    workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A number.")
    late = keeps(url, comment="Late.")
    assert (late.status_code, "This round is closed" in late.text) == (403, True)
    page = Person("claire").client.get(url).text
    assert "You had written, and not signed:" in page
    for words in (TYPED["comment"], REMARK["words"]):
        assert words in page


def test_nobody_else_keeps_or_finds_anything_there(round, url):
    for person in ("ravi", "tom", "nora", "ana"):
        assert keeps(url, person, **TYPED).status_code == 404
    assert Client().post(f"{url}kept/", TYPED).status_code == 302
    assert Person("claire").client.get(f"{url}kept/").status_code == 405
    assert not ReviewDraft.objects.exists()


def test_while_something_is_kept_the_seat_never_expires(story, round, url):
    keeps(url, **REMARK)
    later = story.now + timedelta(days=60 + EXPIRES_AFTER_DAYS)
    look_after_seats(now=later)
    assert story.seat(round, "claire").state == "accepted"
    keeps(url)
    look_after_seats(now=later)
    assert ReviewAssignment.objects.get(pk=story.seat(round, "claire").pk).state == "expired"


def test_a_comment_sent_after_sign_out_waits_for_the_sign_in(round, url):
    client = Client()
    client.post(url, {**REMARK, "remark": "1"})
    client.login(username="claire", password=PASSWORD)
    page = client.get(url).text
    assert "What you had typed is here again." in page
    assert REMARK["words"] in page
    assert not ReviewComment.objects.exists()


def with_old_token(origin: str | None) -> tuple[Client, dict]:
    client = Client(enforce_csrf_checks=True)
    client.login(username="claire", password=PASSWORD)
    client.cookies["csrftoken"] = "a" * 32
    return client, {"headers": {"origin": origin}} if origin else {}


def test_a_form_with_the_token_of_an_earlier_sign_in_keeps_what_was_typed(round, url):
    client, headers = with_old_token("http://testserver")
    values = {**TYPED, "password": PASSWORD, "sign": "1", "csrfmiddlewaretoken": "b" * 32}
    refused = client.post(url, values, **headers)
    assert refused.status_code == 403
    assert "What you typed is kept." in refused.text
    assert f'href="{url}"' in refused.text
    assert PASSWORD not in str(dict(client.session))
    assert TYPED["comment"] in client.get(url).text
    assert not Review.objects.exists()


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
def test_a_form_of_another_site_leaves_nothing_behind(origin, round, url):
    client, headers = with_old_token(origin)
    refused = client.post(url, {**TYPED, "csrfmiddlewaretoken": "b" * 32}, **headers)
    assert refused.status_code == 403
    assert "Nothing was changed." in refused.text
    assert TYPED["comment"] not in client.get(url).text


def test_a_refused_form_elsewhere_says_what_it_always_said(round):
    client, headers = with_old_token("http://testserver")
    refused = client.post(f"/admin/articles/article/{Article.objects.get().pk}/change/", {}, **headers)
    assert refused.status_code == 403
    assert "Nothing was changed." in refused.text
