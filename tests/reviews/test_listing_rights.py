"""Who may put an article on the list of those that wait, and set the pace; and what can't wait."""

import pytest

from editorial.conditions import Refused
from reviews import workflow
from reviews.models import RoundPace
from tests.reviews.test_opening import typographic
from tests.reviews.waiting import MONDAY, events, opened

VERBS = {
    "list_round": {},
    "unlist_round": {},
    "reorder_round": {"way": "top"},
    "open_in_its_week": {},
}
MAY = {("tom", verb) for verb in VERBS} | {("lena", verb) for verb in VERBS} | {("ingrid", verb) for verb in VERBS}
MAY -= {(person, "open_in_its_week") for person in ("tom", "lena", "ingrid")}
PEOPLE = ("tom", "lena", "ingrid", "nora", "claire", "stranger", "author-editor")


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_but_the_editors_of_an_article_uses_them(story, verb, person):
    article = story.triaged(title="A?")
    if person == "author-editor":
        article.authors.add(story.people["tom"])
    if verb != "list_round":
        workflow.list_round(article, actor=story.people["lena"], now=story.tick())
    actor = story.people["tom" if person == "author-editor" else person]

    def use():
        return getattr(workflow, verb)(article, actor=actor, now=MONDAY, **VERBS[verb])

    if (person, verb) in MAY:
        use()
    else:
        with pytest.raises(Refused):
            use()
        assert opened() == []


@pytest.mark.parametrize("person", ["tom", "lena", "nora", "claire", "stranger", "ingrid"])
def test_a_chief_editor_alone_sets_the_pace(story, person):
    row = RoundPace.objects.create(pk=1)
    values = {"actor": story.people[person], "now": story.now, "a_week": 7, "paused": False}
    if person == "ingrid":
        workflow.set_pace(row, **values)
        assert (RoundPace.current().a_week, events("pace.set")) == (7, 1)
        return
    with pytest.raises(Refused, match="chief editor"):
        workflow.set_pace(row, **values)
    assert RoundPace.current().a_week == 5


@pytest.mark.parametrize("a_week", [0, -1, 101])
def test_a_pace_out_of_bounds_is_refused(story, a_week):
    row = RoundPace.objects.create(pk=1)
    with pytest.raises(Refused, match="Between 1 and 100"):
        workflow.set_pace(row, actor=story.people["ingrid"], now=story.now, a_week=a_week, paused=False)


@pytest.mark.parametrize("how", ["untriaged", "draft", "twice", "typographic"])
def test_what_cannot_wait_is_refused_in_words(story, how):
    tom = story.people["tom"]
    made = {"draft": story.draft, "untriaged": story.submitted, "twice": story.triaged}
    article = made[how]() if how in made else typographic(story)
    if how == "twice":
        workflow.list_round(article, actor=tom, now=story.tick())
    why = {"draft": "while the article is", "untriaged": "Triage it", "twice": "already", "typographic": "No panel"}
    with pytest.raises(Refused, match=why[how]):
        workflow.list_round(article, actor=tom, now=story.tick())
