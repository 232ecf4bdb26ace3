"""After each verb the next page says what it did, who is told, and whose turn it is."""

import html
import re

import pytest

from articles.models import Article
from editorial.models import Specialty
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.desk import Person

REVIEWERS = ("Claire", "Dubois", "Ravi", "Menon")


def banner(person: Person, answer) -> str:
    """What the page after a verb says of it, as plain text."""
    assert answer.status_code == 302, answer.text
    page = person.client.get(answer["Location"]).text
    found = re.search(r'<section class="outcome".*?</section>', page, re.DOTALL)
    assert found, page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def seat(article: Article, name: str) -> ReviewAssignment:
    return ReviewAssignment.objects.get(round__article=article, member__user__username=name)


def opened(story, tom: Person, article: Article) -> str:
    story.triaged(article)
    members = {f"seat_{story.people[name].board_member.pk}": "required" for name in ("claire", "ravi")}
    fields = tom.fields(f"/admin/articles/article/{article.pk}/verb/open_round/", having="stamp")
    others = {name: "" for name in fields if name.startswith("seat_")}
    return banner(tom, tom.act(article.pk, "open_round", **{**others, **members}))


def test_submitting_says_that_it_is_frozen_and_that_an_editor_is_next(story):
    nora, article = Person("nora"), story.draft()
    said = banner(nora, nora.act(article.pk, "submit"))
    assert "Done: Submit for review." in said
    assert "Draft → became Submitted" in said
    assert "Submitted for review: new" in said
    assert "Nobody gets a mail about this." in said
    assert "What comes next An editor: triage" in said


def test_triage_says_risk_and_specialty_and_whose_turn_it_is(story):
    tom, article = Person("tom"), story.submitted()
    values = {"risk_tier": "standard", "handling_editor": story.people["tom"].pk}
    specialty = Specialty.objects.get(slug="cardiology").pk
    said = banner(tom, tom.act(article.pk, "triage", specialty=specialty, **values))
    assert "Triaged: standard risk, cardiology" in said
    assert "→" not in said
    assert "Your turn Tom Okafor: choose the panel" in said


def test_opening_a_round_names_to_its_editor_who_is_asked_by_mail_and_when(story):
    said = opened(story, Person("tom"), story.draft())
    assert "Submitted → became Under review" in said
    assert "Review round 1 opened" in said
    assert "Seat for Claire Dubois: required, review due" in said
    assert "Claire Dubois: invitation, " in said
    assert "What comes next Claire Dubois and Ravi Menon: review, by" in said


def test_an_author_who_unlocks_the_text_reads_that_reviewers_are_told_and_no_name(story):
    round = story.round()
    nora = Person("nora")
    said = banner(nora, nora.act(round.article.pk, "withdraw", reason="A dose is wrong."))
    assert "Under review → became Draft" in said
    assert "Who is told The reviewers" in said
    assert "Your turn Nora Feld: finish the draft" in said
    assert not any(name in said for name in REVIEWERS)


def test_requesting_changes_names_the_author_who_is_told(story):
    round, tom = story.round(), Person("tom")
    said = banner(tom, tom.act(round.article.pk, "request_changes", reason="The dose."))
    assert "Under review → became Changes requested" in said
    assert "Review round 1 closed: changes requested" in said
    assert "Nora Feld: news, " in said
    assert "What comes next Nora Feld: answer the comments and submit" in said


def test_a_signature_tells_its_member_what_it_did_and_no_colleagues_name(story, now_is):
    round, claire = story.round(), Person("claire")
    said = banner(claire, claire.sign(seat(round.article, "claire").pk))
    assert "Review signed: Approve this text as it stands" in said
    assert "What comes next The panel: review" in said
    assert "Ravi" not in said


def test_the_last_signature_and_the_confirmation_say_that_it_is_published(story):
    round, tom = story.round(), Person("tom")
    story.sign(round, "claire")
    story.sign(round, "ravi")
    said = banner(tom, tom.act(round.article.pk, "confirm", password=PASSWORD))
    assert "Under review → became Approved" in said
    assert "The board's approval confirmed" in said
    assert "Version 1 published" in said
    assert "Nora Feld: news" in said
    assert "Nothing waits for anybody now." in said


def test_hold_and_lift_say_what_readers_have_and_who_was_told(story):
    article, ingrid = story.published(), Person("ingrid")
    said = banner(ingrid, ingrid.act(article.pk, "hold", reason="The dose.", password=PASSWORD))
    assert "On the site → became On hold" in said
    assert "Version 1 taken off the site" in said
    assert "You: taken off the site, at once" in said
    assert "Your turn A chief editor: decide what becomes of the page" in said
    put_back = ingrid.act(article.pk, "lift", reason="It was right.", password=PASSWORD)
    assert "Version 1 back on the site" in banner(ingrid, put_back)


def test_a_member_who_takes_a_page_down_reads_what_they_did_and_nothing_of_the_revision(story):
    article, ana = story.published(), Person("ana")
    story.revised(article, ("below 130", "below 125"))
    said = banner(ana, ana.act(article.pk, "hold", reason="The dose.", password=PASSWORD))
    assert "Version 1 taken off the site" in said
    assert "Who is told The chief editors" in said
    assert "comes next" not in said
    assert "draft" not in said.lower()


@pytest.mark.parametrize(
    ("verb", "values", "says"),
    [
        ("extend", {"review_on": "2031-03-03", "reason": "Ill."}, "More time for Claire Dubois: review due 3 March"),
        ("release", {"reason": "Ill."}, "Seat released: Claire Dubois"),
    ],
)
def test_what_is_done_with_a_seat_says_whose_and_who_is_told(story, verb, values, says):
    round, tom = story.round(), Person("tom")
    said = banner(tom, tom.fill(f"/admin/seats/{seat(round.article, 'claire').pk}/{verb}/", **values))
    assert says in said
    assert "Claire Dubois: n" in said


def test_whoever_gives_a_seat_back_reads_that_the_editor_is_told_and_nobody_elses_name(story):
    round, claire = story.round(), Person("claire")
    said = banner(claire, claire.fill(f"/admin/seats/{seat(round.article, 'claire').pk}/step_aside/", reason="Busy."))
    assert "Seat given back: You" in said
    assert "The handling editor" in said
    assert "Ravi" not in said


def test_a_form_sent_twice_says_done_and_nothing_twice(story):
    nora, article = Person("nora"), story.draft()
    url = f"/admin/articles/article/{article.pk}/verb/submit/"
    values = nora.fields(url, having="stamp")
    assert "Submitted for review" in banner(nora, nora.client.post(url, values))
    again = nora.client.post(url, values)
    page = nora.client.get(again["Location"]).text
    assert "Done: Submit for review." in page
    assert 'class="outcome"' not in page


def test_the_banner_is_a_status_that_takes_the_focus_and_is_shown_once(story):
    nora, article = Person("nora"), story.draft()
    where = nora.act(article.pk, "submit")["Location"]
    page = nora.client.get(where).text
    assert '<section class="outcome" role="status" tabindex="-1"' in page
    assert 'class="outcome"' not in nora.client.get(where).text


def test_what_people_type_is_escaped(story):
    round, tom = story.round(title="Is <b>this</b> safe?"), Person("tom")
    answer = tom.act(round.article.pk, "request_changes", reason="<script>alert(1)</script>")
    assert "<script>alert" not in tom.client.get(answer["Location"]).text
