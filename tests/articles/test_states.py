"""The house's table of verbs, copied by hand, against the code's table and against what people can really do."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from articles import workflow as bare
from articles.models import Article
from articles.states import EDGES, LABELS, ArticleState, stepper
from editorial.models import AuditEvent, Specialty, User
from reviews import workflow
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.reviews.panels import seats

TABLE = {
    "submit": ({"draft", "changes_requested"}, "submitted"),
    "triage": ({"submitted"}, "submitted"),
    "withdraw": ({"submitted", "under_review"}, "draft"),
    "open_round": ({"submitted"}, "under_review"),
    "request_changes": ({"submitted", "under_review"}, "changes_requested"),
    "approve": ({"under_review"}, "approved"),
    "reject": ({"submitted", "under_review"}, "rejected"),
    "reopen": ({"rejected"}, "draft"),
    "revise": ({"approved"}, "draft"),
    "discard_revision": ({"draft", "changes_requested", "submitted", "rejected"}, "approved"),
    "re_review": ({"approved"}, "under_review"),
}
"""house.md, “Article”: from which states, to which."""

EDITORS, AUTHOR = {"editor", "chief"}, {"author"}
WHO = {
    "submit": AUTHOR | EDITORS,
    "triage": EDITORS,
    "withdraw": AUTHOR | EDITORS,
    "open_round": EDITORS,
    "request_changes": EDITORS,
    "confirm": EDITORS,
    "reject": EDITORS,
    "reopen": EDITORS,
    "revise": AUTHOR | EDITORS,
    "discard_revision": EDITORS,
    "re_review": EDITORS,
    "abandon": AUTHOR | EDITORS,
    "hand_over": EDITORS,
}
"""Who may use each verb that the desk offers. `approve` is reached by `confirm`; abandoning leaves the state."""

OFFERED_TO_AUTHORS = {"submit", "withdraw", "reopen", "revise", "abandon"}
"""Verbs an author sees on their own article, be it with a refusal; of the others they see nothing."""

OUTSIDERS = {"other author", "seated member", "board member", "superuser"}
SIGNED_OUT = {"signed out"}


def _signed_by_all(story):
    round = story.round()
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return round


def _sent_back(story, article):
    return workflow.request_changes(article, actor=story.people["tom"], now=story.tick(), reason="Shorten it.")


def _rejected(story, article):
    return workflow.reject(article, actor=story.people["tom"], now=story.tick(), reason="Out of scope.")


def _revised(story):
    return bare.revise(story.published(), actor=story.people["nora"], now=story.tick(), reason="New trial.")


STAGES = {
    "draft": lambda story: story.draft(),
    "submitted": lambda story: story.triaged(),
    "under_review": lambda story: _signed_by_all(story).article,
    "changes_requested": lambda story: _sent_back(story, story.round().article),
    "approved": lambda story: story.published(),
    "rejected": lambda story: _rejected(story, story.triaged()),
}
REVISIONS = {
    "draft": _revised,
    "submitted": lambda story: story.triaged(_revised(story)),
    "under_review": lambda story: story.round(article=_revised(story)).article,
    "changes_requested": lambda story: _sent_back(story, story.round(article=_revised(story)).article),
    "rejected": lambda story: _rejected(story, story.triaged(_revised(story))),
}
"""The same states while version 1 is live."""


@pytest.fixture
def cast(people):
    """One signed-in client for each role of the matrix."""
    other = User.objects.create_user("olga", password=PASSWORD)
    other.groups.add(Group.objects.get(name="author"))
    User.objects.create_superuser("root", password=PASSWORD)
    names = {
        "author": "nora",
        "other author": "olga",
        "editor": "lena",
        "chief": "ingrid",
        "seated member": "claire",
        "board member": "ana",
        "superuser": "root",
        "stranger": "stranger",
    }
    return {role: Person(username).client for role, username in names.items()} | {"signed out": Client()}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything_asked_for(people) -> dict:
    """Values for the form of any verb; each form takes what it knows."""
    return {
        "reason": "For the test.",
        "password": PASSWORD,
        "risk_tier": "standard",
        "specialty": Specialty.objects.get(slug="cardiology").pk,
        "handling_editor": people["tom"].pk,
        **seats(people, claire="required", ravi="required"),
    }


def expected_of(role: str, verb: str, possible: bool) -> int:
    """The answer the house gives: 302 done or sign in, 403 with a reason, 404 as if nothing were there."""
    if role in SIGNED_OUT:
        return 302
    if role == "stranger":
        return 403
    if role in OUTSIDERS or (role == "author" and verb not in OFFERED_TO_AUTHORS):
        return 404
    return 302 if possible and role in WHO[verb] else 403


def post(client: Client, article: Article, verb: str, values: dict, pk: int | None = None):
    stamp = Article.objects.values_list("state", "state_since", "frozen_digest").get(pk=article.pk)
    form = {"stamp": f"{stamp[0]}.{stamp[1].timestamp()}.{stamp[2][:16]}", "request_id": "0" * 32, **values}
    return client.post(f"/admin/articles/article/{pk or article.pk}/verb/{verb}/", form)


def wrong_of(role: str, client: Client, article: Article, verb: str, values: dict, *, possible: bool) -> str:
    """What this person's attempt did otherwise than the house says, in words; empty when all is well."""
    before, recorded = Article.objects.get(pk=article.pk).state, AuditEvent.objects.count()
    expected = expected_of(role, verb, possible)
    with undone():
        answer = post(client, article, verb, values)
        after, grown = Article.objects.get(pk=article.pk).state, AuditEvent.objects.count() > recorded
    who = f"{role} / {verb} from {before}"
    if answer.status_code != expected:
        return f"{who}: {answer.status_code}, not {expected}"
    done = expected == 302 and role not in SIGNED_OUT
    target = {"confirm": "approved", "abandon": "draft", "hand_over": before}.get(verb) or TABLE[verb][1]
    if (after, grown) != ((target, True) if done else (before, False)):
        return f"{who}: now {after}, recorded: {grown}"
    if role in SIGNED_OUT and not answer["Location"].startswith(("/admin/login/", "/accounts/login/")):
        return f"{who}: sent to {answer['Location']}"
    if expected == 403 and 'class="banner banner--danger' not in answer.text:
        return f"{who}: refused without a reason"
    if expected == 404 and answer.content != post(client, article, verb, values, pk=999_999).content:
        return f"{who}: the 404 differs from that of a missing article"
    return ""


def possible_from(state: str, verb: str) -> bool:
    """With no version published yet: nothing to go back to, and a draft may be abandoned."""
    if verb == "discard_revision":
        return False
    if verb == "abandon":
        return state == "draft"
    if verb == "hand_over":
        return state != "rejected"
    return state in TABLE["approve" if verb == "confirm" else verb][0]


def test_the_table_in_the_code_is_the_table_of_the_house():
    assert {verb: (set(edge.sources), edge.target.value) for verb, edge in EDGES.items()} == TABLE


def test_no_edge_but_triage_leads_to_itself():
    assert [verb for verb, edge in EDGES.items() if edge.target in edge.sources] == ["triage"]


def test_a_transition_stands_on_the_model_for_each_row_of_the_table():
    assert {f"_{verb}" for verb in TABLE} == {
        transition.method.__name__ for transition in Article.state.field.get_all_transitions(Article)
    }


@pytest.mark.parametrize("state", STAGES)
def test_each_role_can_do_with_each_verb_what_the_table_says_and_nothing_else(state, story, people, cast):
    article = STAGES[state](story)
    assert Article.objects.get(pk=article.pk).state == state
    values = everything_asked_for(people)
    wrong = []
    for verb in WHO:
        possible = possible_from(state, verb)
        if verb == "hand_over":
            values = {**values, "handling_editor": people["lena"].pk}
        if state == "under_review" and verb == "withdraw":
            # A review was opened, so the author has to ask the editor.
            who = {role: client for role, client in cast.items() if role != "author"}
            refused = wrong_of("author", cast["author"], article, verb, values, possible=False)
            wrong.append(refused)
        else:
            who = cast
        wrong += [wrong_of(role, client, article, verb, values, possible=possible) for role, client in who.items()]
    assert [line for line in wrong if line] == []


@pytest.mark.parametrize("state", REVISIONS)
def test_a_revision_can_be_discarded_and_never_abandoned(state, story, people, cast):
    article = REVISIONS[state](story)
    assert Article.objects.get(pk=article.pk).state == state
    values = everything_asked_for(people)
    wrong = []
    for role in ("author", "editor", "chief", "board member"):
        possible = state in TABLE["discard_revision"][0]
        wrong.append(wrong_of(role, cast[role], article, "discard_revision", values, possible=possible))
        if role != "board member":
            wrong.append(wrong_of(role, cast[role], article, "abandon", values, possible=False))
    assert [line for line in wrong if line] == []


def test_the_author_unlocks_the_text_until_the_first_review_is_opened(story):
    round = story.round()
    nora = Person("nora")
    with undone():
        assert nora.act(round.article.pk, "withdraw", reason="A typing error.").status_code == 302
        assert Article.objects.get().state == "draft"

    story.declare(round, "claire")

    refused = nora.force(round.article, "withdraw", reason="A typing error.")
    assert refused.status_code == 403
    assert "A reviewer has opened it" in refused.text
    assert Article.objects.get().state == "under_review"


def test_verbs_that_only_other_verbs_use_have_no_page(story, cast):
    article = story.draft()
    for verb in ("approve", "nothing"):
        assert post(cast["chief"], article, verb, {}).status_code == 404


def test_a_verb_acts_on_post_alone(story, cast):
    article = story.draft()
    shown = cast["editor"].get(f"/admin/articles/article/{article.pk}/verb/submit/")
    assert shown.status_code == 200
    assert Article.objects.get().state == "draft"


def test_an_abandoned_draft_has_no_verb_left(story, people):
    article = bare.abandon(story.draft(), actor=people["nora"], now=story.tick(), reason="A duplicate.")
    refused = Person("tom").force(article, "submit")
    assert refused.status_code == 403
    assert "This draft was abandoned." in refused.text


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        ("draft", ["todo", "todo", "todo"]),
        ("submitted", ["current", "todo", "todo"]),
        ("under_review", ["done", "current", "todo"]),
        ("changes_requested", ["done", "current", "todo"]),
        ("approved", ["done", "done", "current"]),
        ("rejected", []),
    ],
)
def test_readers_see_three_steps(state, marks):
    assert [step["state"] for step in stepper(state)] == marks


def test_every_state_has_a_label():
    assert set(LABELS) == set(ArticleState)
