"""Which change class a revision gets: proposed while it is written, judged at submit, never lighter."""

import json

import pytest

from articles import conditions, content, lifecycle, proposals
from articles import workflow as bare
from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.models import AuditEvent
from editorial.models.policy import ChangeClass
from reviews import workflow
from tests.articles.data.snapshots import variant
from tests.articles.test_states import undone

COMMA = ("In one large trial, treating", "In one large trial treating")
WORD = ("prevented heart attacks", "reduced heart attacks")
DOSE = ("130 mm Hg", "125 mm Hg")
GRADE = ("certainty=moderate", "certainty=high")

EDITS = {"typographic": COMMA, "correction": WORD, "update": GRADE}

TABLE = {
    # floor of the difference: what may be chosen while the page is live, and while it is on hold
    "typographic": ({"typographic", "correction", "update"}, {"correction", "update", "urgent"}),
    "correction": ({"correction", "update"}, {"correction", "update", "urgent"}),
    "update": ({"update"}, {"update", "urgent"}),
}
"""house.md, change classes: nobody chooses a lighter one; urgent mends what a hold took down."""


@pytest.fixture
def live(story) -> Article:
    return story.published()


def held(story, article: Article) -> None:
    story.tick()
    lifecycle.hold(article, actor=story.people["tom"], now=story.now, reason="A dose.", proof=story.proof("tom"))


def submit(story, article: Article, change_class: str = "") -> Article:
    return bare.submit(article, actor=story.people["nora"], now=story.tick(), change_class=change_class)


def last_event(kind: str) -> dict:
    return json.loads(AuditEvent.objects.filter(kind=kind).order_by("-sequence").first().body)["data"]


@pytest.mark.parametrize("floor", EDITS)
def test_the_class_is_proposed_from_the_difference(story, live, floor):
    article = story.revised(live, EDITS[floor])
    proposal = proposals.of(article)

    assert (proposal.floor, proposal.base.number) == (floor, 1)
    assert proposal.reasons
    assert submit(story, article).change_class == floor


@pytest.mark.parametrize("on_hold", [False, True])
@pytest.mark.parametrize("floor", EDITS)
def test_nobody_chooses_a_lighter_class(story, live, floor, on_hold):
    if on_hold:
        held(story, live)
    article = story.revised(live, EDITS[floor])
    events = AuditEvent.objects.count()
    for choice in (*ChangeClass.values, "nonsense"):
        if choice in TABLE[floor][on_hold]:
            with undone():
                assert submit(story, article, choice).change_class == choice
            continue
        with pytest.raises(Refused) as refused:
            submit(story, article, choice)
        after = Article.objects.get()
        assert (after.state, after.frozen_digest, after.change_class) == ("draft", "", "new")
        assert AuditEvent.objects.count() == events
        assert "Possible: " in refused.value.reason


def test_a_refusal_names_the_words_that_make_it_heavier(story, live):
    article = story.revised(live, DOSE)
    with pytest.raises(Refused) as refused:
        submit(story, article, "typographic")
    assert "“typographic” is too light for this change." in refused.value.reason
    assert "130 mm Hg" in refused.value.reason
    assert "125 mm Hg" in refused.value.reason


def test_a_page_taken_off_the_site_is_never_mended_by_typography(story, live):
    held(story, live)
    proposal = proposals.of(story.revised(live, COMMA))
    assert (proposal.floor, proposal.allowed) == ("correction", ("correction", "update", "urgent"))
    assert "taken off the site" in proposal.reasons[0]


def test_a_hold_during_the_revision_counts_too_even_when_it_was_lifted(story, live):
    article = story.revised(live, COMMA)
    assert proposals.of(article).floor == "typographic"
    held(story, live)
    lifecycle.lift(live, actor=story.people["ingrid"], now=story.tick(), reason="It was right.")
    article = Article.objects.get()
    assert article.follow_up_required
    assert (proposals.of(article).floor, proposals.of(article).allowed) == ("correction", ("correction", "update"))


def test_changed_conclusions_are_an_update(story, live):
    article = story.revised(live, WORD, conclusions_changed=True)
    assert proposals.of(article).floor == "update"


def test_a_first_version_is_new_and_nothing_else(story):
    article = story.draft()
    for choice in set(ChangeClass.values) - {"new"}:
        with pytest.raises(Refused, match="new"):
            submit(story, article, choice)
    assert submit(story, article, "new").change_class == "new"


def test_a_version_that_readers_never_had_is_no_version_to_compare_with(story, live):
    assert proposals.base_of(live).number == 1
    article = story.draft(title="Another one", publish_not_before=story.now.replace(year=2027))
    round = story.round(article=article)
    story.sign(round, "claire")
    story.sign(round, "ravi")
    waiting = story.confirm(round.article)
    assert waiting.publications.get().status == "scheduled"
    assert proposals.base_of(waiting) is None
    article = bare.revise(waiting, actor=story.people["nora"], now=story.tick(), reason="A slip.")
    assert proposals.of(article).floor == "new"
    assert submit(story, story.edit(article, note="A slip.")).change_class == "new"


def test_an_unchanged_revision_is_refused_in_words(story, live):
    article = story.revised(live, note="Nothing at all.")
    assert proposals.of(article).floor == ""
    with pytest.raises(Refused, match="Nothing was changed since version 1"):
        submit(story, article)
    with pytest.raises(Refused, match="Nothing was changed since version 1"):
        submit(story, article, "update")
    assert Article.objects.get().state == "draft"


@pytest.mark.parametrize("note", ["", "   \n"])
def test_a_change_after_approval_needs_its_note(story, live, note):
    article = story.revised(live, WORD, note=note)
    refusal = conditions.may_submit(article, story.people["nora"]).reason
    assert refusal.startswith("Say in the change note")
    with pytest.raises(Refused, match="readers are told"):
        submit(story, article)


def test_a_first_version_needs_no_note(story):
    assert submit(story, story.draft()).state == "submitted"


def test_the_last_versions_note_is_not_the_next_ones(story, live):
    story.revised(live, WORD, note="Clearer words.", conclusions_changed=True)
    round = story.round(article=Article.objects.get())
    for name in ("claire", "ravi"):
        story.sign(round, name)
    story.confirm(round.article)
    assert Publication.objects.get(number=2).change_note == "Clearer words."

    article = bare.revise(Article.objects.get(), actor=story.people["tom"], now=story.tick(), reason="A slip.")

    assert (article.change_note, article.conclusions_changed) == ("", None)
    assert (
        workflow.contributors(article).isdisjoint({story.people["tom"].pk}) if hasattr(workflow, "contributors") else 1
    )


def test_the_record_says_what_was_chosen_and_what_would_have_been_allowed(story, live):
    submit(story, story.revised(live, WORD), "update")
    event = last_event("article.submitted")
    assert (event["change_class"], event["floor"], event["since"]) == ("update", "correction", 1)
    assert "reduced heart attacks" in event["floor_reasons"][0]


def test_the_record_of_a_first_submission_names_no_earlier_version(story):
    submit(story, story.draft())
    event = last_event("article.submitted")
    assert (event["change_class"], event["floor"], event["since"]) == ("new", "new", None)


def test_a_withdrawn_revision_is_judged_anew(story, live):
    article = submit(story, story.revised(live, COMMA))
    assert article.change_class == "typographic"
    article = workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A dose.")
    article = story.edit(article, DOSE)
    with pytest.raises(Refused, match="too light"):
        submit(story, article, "typographic")
    assert submit(story, article).change_class == "correction"


def test_typography_is_not_approved_over_a_hold_that_came_meanwhile(story, live):
    article = submit(story, story.revised(live, COMMA))
    assert proposals.carries(article, "typographic", article.frozen_snapshot)
    held(story, live)
    refusal = proposals.carries(Article.objects.get(), "typographic", article.frozen_snapshot).reason
    assert refusal.startswith("It can't go on as “typographic” any more.")
    assert "The page was taken off the site" in refusal
    assert refusal.endswith("Unlock it and submit it again.")


def test_after_a_carried_version_the_one_that_was_reviewed_counts(story, live):
    """Steps that were let through one by one never lead further than one would."""
    article = story.revised(live, (WORD[0], "reduced  heart attacks"))
    first = Publication.objects.get()
    values = {**Publication.objects.values().get(), "id": None, "number": 2, "basis": "carried"}
    first._supersede()
    first.save(update_fields=["status"])
    content_of = content.parse(first.snapshot)
    content_of["variants"] = [variant(content_of["variants"][0]["markdown"].replace(*WORD))]
    values["snapshot"] = content.canonical(content_of)
    carried = Publication.objects.create(**values)

    proposal = proposals.of(article)

    assert proposal.base == carried
    assert (proposal.floor, carried.reviewed_version) == ("correction", 1)
    assert "prevented heart attacks" in proposal.reasons[0]


@pytest.mark.parametrize(
    ("tier", "change_class", "words"),
    [
        ("standard", "typographic", "a second editor confirms"),
        ("standard", "correction", "1 reviewer signs, 1 in the specialty"),
        ("standard", "update", "2 reviewers sign, 1 in the specialty; the editor confirms"),
        ("high", "update", "3 reviewers sign, 2 in the specialty; the editor confirms"),
        ("standard", "urgent", "1 reviewer signs, 1 in the specialty; a chief editor confirms"),
        ("standard", "nonsense", ""),
    ],
)
def test_the_quorum_of_a_class_in_words(people, tier, change_class, words, now):
    article = Article(risk_tier=tier)
    assert proposals.quorum_of(article, change_class, today=now.date()) == words


def test_without_a_policy_there_are_no_words_for_it(db, now):
    assert proposals.quorum_of(Article(risk_tier="low"), "update", today=now.date()) == ""
