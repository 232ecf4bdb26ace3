"""Whoever wrote a text, or declared an interest in what it is about, neither signs it nor puts it before readers."""

import pytest
from django.contrib.auth.models import Group

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import Interest, User
from reviews import matching, workflow
from reviews.eligibility import Candidate, Subject, standing_reasons
from tests.desk import Person
from tests.reviews.later import hold

NAMED = "is named as an author in the byline"


def also(people, username: str, role: str) -> User:
    people[username].groups.add(Group.objects.get(name=role))
    people[username] = User.objects.get(username=username)
    return people[username]


# Named in the byline, whoever typed the text


@pytest.mark.parametrize(
    "line",
    [
        "Claire Dubois",
        "Claire Dubois, MD",
        "Dubois, Claire",
        "Prof. Dr. claire m. DUBOIS, MD",
        "Nora Feld\nClaire Dubois",
    ],
)
def test_whoever_the_byline_names_never_sits_on_the_panel(line, story, people):
    """Imported or typed by somebody else, it is still theirs: readers would see one name as author and reviewer."""
    with pytest.raises(Refused, match=f"Claire Dubois: {NAMED}"):
        story.round(byline=line)


def test_somebody_seated_before_the_byline_was_known_never_signs(story, people):
    round = story.round()
    story.declare(round, "claire")
    Article.objects.update(byline="Claire Dubois, MD")
    with pytest.raises(Refused, match=NAMED):
        story.sign(round, "claire")


def test_an_editor_whom_the_byline_names_never_confirms(story, people, now_is):
    round = story.round(byline="Lena Brandt, MSc\nNora Feld")
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    refused = Person("lena").force(article, "confirm", password="correct horse battery")
    assert refused.status_code == 403
    assert "The byline names you as an author" in refused.text
    assert story.confirm(article).state == "approved"


@pytest.mark.parametrize(
    ("line", "name", "named"),
    [
        ("Ana Ruiz, MD, PhD", "Ana Ruiz", True),
        ("RUIZ GARCÍA Ana", "Ana Ruiz", True),
        ("Kenji Mori", "Ana Ruiz", False),
        ("Ana Moreno", "Ana Ruiz", False),
        ("Juliana Ruiz", "Ana Ruiz", False),
        ("ana", "ana", True),
        ("Ana Moreno", "ana", False),
        ("", "Ana Ruiz", False),
        ("Ana Ruiz", "", False),
    ],
)
def test_a_byline_names_somebody_by_all_the_words_of_their_name(line, name, named):
    candidate = Candidate(user=1, serves=True, credentials=frozenset({"cardiology"}), name=name)
    reasons = standing_reasons(candidate, Subject(frozenset(), byline=(line,)))
    assert (NAMED in reasons) == named


# Declared as a board member, acting as an editor


@pytest.fixture
def otto(people):
    """A board member with a declared interest, who edits too."""
    return also(people, "otto", "editor")


def test_an_editor_with_a_declared_interest_never_confirms(story, otto, now_is):
    round = story.round(products="Cardioplex\nRegenova")
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    refused = Person("otto").force(article, "confirm", password="correct horse battery")
    assert refused.status_code == 403
    assert "You declared an interest in Regenova, so somebody else has to do this." in refused.text
    assert Article.objects.get().state == "under_review"
    assert story.confirm(article).state == "approved"


def test_of_another_article_they_confirm_like_anybody(story, otto):
    round = story.round(products="Cardioplex")
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    assert story.confirm(article, "otto").state == "approved"


def test_an_interest_in_one_who_wrote_it_counts_too(story, people, otto):
    Interest.objects.create(member=otto.board_member, person=people["nora"], nature="Brother", since=story.now.date())
    round = story.round()
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    with pytest.raises(Refused, match="an interest in one of its contributors"):
        story.confirm(article, "otto")


def test_a_chief_with_a_declared_interest_puts_nothing_back(story, people):
    chief = also(people, "otto", "chief editor")
    article = story.published(sponsors="Regenova")
    hold(story, article)
    with pytest.raises(Refused, match="You declared an interest in Regenova"):
        workflow.lift(article, actor=chief, now=story.tick(), reason="All is well.", proof=story.proof("otto"))
    assert workflow.lift(
        article, actor=people["ingrid"], now=story.tick(), reason="All is well.", proof=story.proof("ingrid")
    )


def test_what_ended_long_ago_counts_no_more(story, otto):
    article = story.draft(sponsors="Regenova")
    Interest.objects.update(since="2015-01-01", until="2020-01-01")
    assert matching.interests_of(otto, article, today=story.now.date()) == ()
