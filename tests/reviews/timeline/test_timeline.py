"""The timeline on an article's page and on a page of its own: who sees what, in which order, at which cost."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from editorial.models import AuditEvent, OutboxMessage, PersonalText
from editorial.verbs import record, work
from reviews import objections, workflow
from reviews.models import Objection
from reviews.timeline import reading, words
from reviews.timeline.case import case_of
from reviews.timeline.entries import place
from tests.desk import Person

REVIEWERS = ("Claire", "Dubois", "Ravi", "Menon", "Sofia", "Rossi")


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/timeline/"


def page_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split()).replace(" :", ":")


def told(person: Person, article: Article, query: str = "") -> str:
    """The entries of the timeline's page as plain text."""
    answer = person.client.get(address(article) + query)
    assert answer.status_code == 200
    return plain(answer.text.split('id="content-main"')[1])


def commented(story, round, by: str, **values):
    values = {"kind": "must_fix", "body": "Say for whom.", "quote": "A target below 130 mm Hg", **values}
    return workflow.add_comment(round.article, actor=story.people[by], now=story.tick(), **values)


def reviewed(story):
    """A round with a comment, a reminder by hand, a signature, and changes asked for."""
    round = story.round()
    story.declare(round, "claire")
    comment = commented(story, round, "claire")
    ravi = story.seat(round, "ravi")
    remind = {"assignment": ravi, "note": "Thank you, Ravi Menon."}
    workflow.remind(round.article, actor=story.people["tom"], now=story.tick(), **remind)
    workflow.resolve(round.article, actor=story.people["claire"], now=story.tick(), comment=comment)
    story.sign(round, "claire", "approve_with_suggestions", comment="Sound.")
    story.sign(round, "ravi", "changes_needed", comment="The dose, says Ravi Menon.")
    return Article.objects.get(pk=round.article_id)


def test_an_editor_reads_who_did_what_when_and_why(story):
    article = reviewed(story)
    if article.state == "under_review":
        reason = "The dose is wrong."
        workflow.request_changes(article, actor=story.people["tom"], now=story.tick(), reason=reason)
    said = told(Person("tom"), article)
    for line in (
        "Nora Feld · 2 March 2026, 09:01 Draft made",
        "Submitted for review: new article",
        "You · 2 March 2026, 09:03 Triaged: standard risk, cardiology",
        "Review round 1 opened",
        "Seat for Claire Dubois: required, review due 23 March 2026",
        "Invitation to Claire Dubois On its way",
        "Interests declared: Claire Dubois: no conflict",
        "Claire Dubois · 2 March 2026, 09:06 Must fix: On “A target below 130 mm Hg”. Say for whom.",
        "Comment resolved",
        "Reminder by hand to Ravi Menon",
        "With a few words to them alone.",
        "Review signed: Approve, with suggestions",
        "Review signed: Changes needed",
        "Changes requested",
        "News to Nora Feld",
    ):
        assert line in said
    assert said.index("Changes requested") < said.index("Triaged") < said.index("Draft made")


def test_an_author_reads_the_same_story_without_a_reviewers_name_verdict_or_mail(story):
    article = reviewed(story)
    nora = Person("nora")
    said = told(nora, article)
    assert "Reviewer 1, cardiology · 2 March 2026, 09:06 Must fix" in said
    assert "Reviewer 1, cardiology · 2 March 2026, 09:09 Review signed" in said
    assert "Review signed:" not in said
    assert "Reminder" not in said
    assert "Invitation" not in said
    assert "Seat" not in said
    assert "Tom Okafor · 2 March 2026, 09:03 Triaged" in said


@pytest.mark.parametrize("publish", [False, True])
def test_no_page_of_its_author_holds_a_reviewers_name(story, publish):
    """Claire and Ravi review; whatever they did, and whatever was done with their seats, nobody is named."""
    round = story.round()
    article, tom = round.article, story.people["tom"]
    claire = story.seat(round, "claire")
    days = {"review_on": claire.review_on + timedelta(days=7), "reason": "Claire Dubois is ill."}
    workflow.extend(article, actor=tom, now=story.tick(), assignment=claire, **days)
    sofia = {"member": story.people["sofia"].board_member, "kind": "optional"}
    workflow.add_seat(article, actor=tom, now=story.tick(), **sofia)
    reason = "Sofia Rossi asked for it."
    workflow.release(article, actor=tom, now=story.tick(), assignment=story.seat(round, "sofia"), reason=reason)
    story.declare(round, "claire")
    commented(story, round, "claire", kind="suggestion")
    workflow.remind(article, actor=tom, now=story.tick(), assignment=story.seat(round, "ravi"), note="Ravi Menon?")
    if publish:
        story.sign(round, "claire", "approve_with_suggestions", comment="Sound.")
        workflow.withdraw_comment(article, actor=story.people["claire"], now=story.tick(), comment=round.comments.get())
        story.sign(round, "ravi")
        article = story.confirm(article)
        story.revised(article, ("prevented", "clearly prevented"))
    else:
        story.sign(round, "claire", "safety_objection", comment="It could harm.")
    nora = Person("nora")
    pages = [page_of(article), *(address(article) + f"?kind={kind}" for kind in ("", "review", "comments", "mail"))]
    for url in pages:
        text = nora.client.get(url).text
        assert not [name for name in REVIEWERS if name in text], url
    assert "Claire Dubois" in Person("tom").client.get(address(article)).text


def test_an_editor_on_the_panel_learns_nothing_of_the_others_before_they_sign(story, people):
    people["claire"].groups.add(Group.objects.get(name="editor"))
    round = story.round()
    story.declare(round, "ravi")
    commented(story, round, "ravi", kind="suggestion")
    story.sign(round, "ravi", "approve_with_suggestions", comment="Sound.")
    claire = Person("claire")
    said = told(claire, round.article)
    assert "Triaged" in said
    for hidden in ("Ravi", "Menon", "Review signed", "Suggestion", "Reviewer 2"):
        assert hidden not in said
    story.sign(round, "claire")
    assert "Ravi Menon" in told(claire, round.article)


def test_an_editor_who_wrote_it_reads_it_as_its_author_does(story, people):
    round = story.round()
    story.sign(round, "claire")
    round.article.authors.add(people["lena"])
    said = told(Person("lena"), round.article)
    assert "Reviewer 1, cardiology" in said
    assert not [name for name in REVIEWERS if name in said]


@pytest.mark.parametrize("name", ["claire", "stranger", "ana"])
def test_others_find_no_timeline(story, name):
    article = story.round().article
    assert Person(name).client.get(address(article)).status_code in (302, 404)


def test_an_objection_and_its_steps_are_told_to_editors_with_their_reasons(story, people):
    round = story.round("claire", "eva")
    story.sign(round, "claire", "safety_objection", comment="It could harm.")
    objection = Objection.objects.get()
    story.tick()
    values = {"objection": objection, "reason": "Not with this dose.", "proof": story.proof("ravi")}
    objections.adjudicate(round.article, actor=people["ravi"], now=story.now, **values)
    story.tick()
    confirm = {"objection": objection, "reason": "Agreed with the adjudicator.", "proof": story.proof("ingrid")}
    objections.confirm_adjudication(round.article, actor=people["ingrid"], now=story.now, **confirm)
    said = told(Person("tom"), round.article)
    assert "Ravi Menon · 2 March 2026" in said
    assert "Safety objection adjudicated Not with this dose." in said
    assert "Adjudication confirmed: the safety objection ended Agreed with the adjudicator." in said
    assert "objection" not in told(Person("nora"), round.article).lower()


def test_words_that_were_erased_say_so(story, now):
    article = reviewed(story)
    PersonalText.objects.update(text="", salt="", erased_at=now)
    said = told(Person("tom"), article)
    assert "With a few words" not in said
    assert "The words were erased." in said


def test_what_became_of_a_mail_is_said(story):
    article = story.round().article
    OutboxMessage.objects.filter(recipient__username="claire").update(status="parked", problem="550 no such user")
    OutboxMessage.objects.filter(recipient__username="ravi").update(status="sent", sent_at=story.now)
    said = told(Person("tom"), article, "?kind=mail")
    assert "Invitation to Claire Dubois Parked" in said
    assert "550 no such user" in said
    assert "Invitation to Ravi Menon Sent" in said


def test_it_is_narrowed_by_kind_and_says_when_a_kind_is_unknown(story):
    article = story.published()
    tom = Person("tom")
    versions = told(tom, article, "?kind=versions")
    assert "Version 1 published" in versions
    assert "Draft made" not in versions
    assert "Nothing of this kind yet" in told(tom, article, "?kind=comments")
    assert "This kind of entry isn't known" in told(tom, article, "?kind=x%00y")


@pytest.mark.parametrize("place", ["x", "~~", "2026-03-02T09:00:00~0~1", "2026-03-02T09:00:00Z~0~-1", "%00", "0~0~0"])
def test_a_place_that_cant_be_read_shows_the_newest_and_says_so(story, place):
    said = told(Person("tom"), story.draft(), f"?before={place}")
    assert "The place in the timeline can't be read; this is its newest end." in said
    assert "Draft made" in said


def test_every_entry_stands_on_exactly_one_page_however_long_they_are(story, people):
    article = reviewed(story)
    case = case_of(article, people["tom"])
    whole = [entry for deed in reading.page(case, size=500).deeds for entry in deed.entries]
    assert len(whole) > 15
    for size in (1, 2, 5, 7):
        found, before, rounds = [], None, 0
        while rounds < 100:
            page = reading.page(case, before=before, size=size)
            found += [entry for deed in page.deeds for entry in reversed(deed.entries)]
            if not page.after:
                break
            before, rounds = place(page.after), rounds + 1
        assert [entry.key for entry in found] == sorted((entry.key for entry in whole), reverse=True)


def test_showing_more_goes_on_where_the_page_ended_without_a_script(story, people, monkeypatch):
    monkeypatch.setattr(reading.page, "__kwdefaults__", {**reading.page.__kwdefaults__, "size": 4})
    article, tom = reviewed(story), Person("tom")
    text = tom.client.get(address(article)).text
    more = re.search(r'href="([^"]+)">Show more', text)
    assert more
    older = tom.client.get(html.unescape(more[1]))
    assert "Back to the newest" in older.text
    assert "Draft made" not in text


def test_the_articles_page_shows_the_latest_and_leads_to_the_rest(story):
    article = reviewed(story)
    text = Person("tom").client.get(page_of(article)).text
    panel = text.split('id="timeline"')[1].split("</section>")[0]
    assert f'href="{address(article)}"' in panel
    assert "Show more" in panel
    assert "Review signed" in panel


def test_looking_writes_nothing_and_costs_the_same_at_1_3_and_30_events(story, people):
    article, tom, costs = story.round().article, Person("tom"), []
    seat = story.seat(article.rounds.get(), "claire")
    for upto in (1, 3, 30):
        while AuditEvent.objects.filter(subject=seat.subject, kind="assignment.extended").count() < upto:
            with work(actor=people["tom"], now=story.tick()):
                record("assignment.extended", seat.subject, reason="Ill.", review_on="2026-04-01")
            commented(story, article.rounds.get(), "tom", quote="")
        tom.client.get(address(article))
        with CaptureQueriesContext(connection) as queries:
            tom.client.get(address(article))
        costs.append([q["sql"][:100] for q in queries])
        assert all(q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE")) for q in queries)
    assert len({len(cost) for cost in costs}) == 1, costs
    assert len(costs[0]) <= 16, costs[0]


KINDS = re.compile(r'"((?:article|round|assignment|conflict|review|objection|signature|publication|notice)\.[a-z_]+)"')


def test_every_kind_of_event_about_an_article_has_its_line():
    """What has none is left out of the timeline, and “what did this do?” is silent about it."""
    files = [file for app in ("articles", "reviews") for file in Path(app).rglob("*.py")]
    found = {kind for file in files if "timeline" not in file.parts for kind in KINDS.findall(file.read_text())}
    assert {"article.round_listed", "article.round_unlisted", "review.signed"} <= found
    assert found - set(words.LINES) == set()
