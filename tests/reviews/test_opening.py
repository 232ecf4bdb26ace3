"""The page that opens a round: one click fills the panel, and whoever may not sit is said so in words."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import BoardMember, ReviewRule
from reviews import decisions, workflow
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.later import revised
from tests.reviews.panels import mail_to, opened, opens, seats, states, url_of
from tests.reviews.test_matching import enlarge

pytestmark = pytest.mark.usefixtures("now_is")


@pytest.fixture
def article(story) -> Article:
    return story.triaged()


@pytest.fixture
def tom(people) -> Person:
    return Person("tom")


def chosen(person: Person, article: Article, query: str = "") -> dict[str, str]:
    """The seats that the page proposes, by name."""
    fields = person.fields(url_of(article, query), having="stamp")
    names = {f"seat_{member.pk}": member.user.username for member in BoardMember.objects.select_related("user")}
    return {names[name]: value[0] for name, value in fields.items() if name.startswith("seat_") and value[0]}


def typographic(story) -> Article:
    """A published article whose revision changed a space, triaged again."""
    article = revised(story, story.published(), "typographic", replace=("recommended for", "recommended  for"))
    return Article.objects.get(pk=article.pk)


def rows(page) -> int:
    return len(re.findall(r'<select name="seat_', page.text))


def test_one_click_opens_a_round_with_the_proposed_panel(article, tom):
    proposal = chosen(tom, article)
    assert sorted(proposal.values()) == ["alternate-1", "alternate-2", "required", "required"]
    assert tom.act(article.pk, "open_round").status_code == 302
    round = ReviewRound.objects.get()
    found = states(round)
    assert found["claire"] == found["ravi"] == ("required", "accepted")
    assert sorted(seat for seat, _state in found.values()) == ["alternate", "alternate", "required", "required"]


def test_the_page_says_why_each_is_proposed_and_why_others_may_not_sit(article, tom):
    page = tom.client.get(url_of(article)).text
    assert "in the article&#x27;s specialty" in page
    assert "not asked before" in page
    assert "no valid credential: it has expired" in page


def test_each_member_gets_the_seat_that_was_chosen(article, tom, people):
    kinds = {"claire": "required", "ana": "required", "eva": "optional", "liam": "alternate-2", "sofia": "alternate-1"}
    assert opens(tom, article, people, **kinds).status_code == 302
    round = ReviewRound.objects.get()
    rank = dict(ReviewAssignment.objects.filter(round=round).values_list("member__user__username", "rank"))
    assert {name: seat for name, (seat, _state) in states(round).items()} == {
        "claire": "required",
        "ana": "required",
        "eva": "optional",
        "liam": "alternate",
        "sofia": "alternate",
    }
    assert (rank["sofia"], rank["liam"], rank["claire"]) == (1, 2, 0)
    assert (len(mail_to("eva")), len(mail_to("sofia"))) == (1, 0)


def test_a_panel_that_cannot_satisfy_the_policy_is_refused_and_nothing_typed_is_lost(article, tom, people):
    answer = opens(tom, article, people, ana="required", eva="optional", claire="alternate-1")
    assert answer.status_code == 403
    assert "This panel can&#x27;t satisfy the policy: the panel has 1 of the 2 members that must approve" in answer.text
    assert not ReviewRound.objects.exists()
    assert '<option value="optional" selected>' in answer.text


def test_a_round_without_anybody_who_must_sign_is_a_form_error(article, tom, people):
    answer = opens(tom, article, people, claire="optional")
    assert answer.status_code == 422
    assert "Choose who has to sign" in answer.text


@pytest.mark.parametrize("username", ["mina", "claire"])
@pytest.mark.parametrize("kind", ["required", "optional", "alternate-1"])
def test_whoever_may_not_sit_gets_no_seat_of_any_kind(username, kind, article, tom, people):
    BoardMember.objects.filter(user__username="claire").update(load_limit=0)
    answer = tom.act(article.pk, "open_round", **seats(people, **{username: kind}))
    assert answer.status_code == 422
    assert "can&#x27;t sit: " in answer.text
    assert not ReviewRound.objects.exists()


@pytest.mark.parametrize("kind", ["members", "optional", "alternates"])
def test_the_verb_itself_refuses_whoever_may_not_sit(kind, article, story, people):
    panel = {"members": [people["claire"].board_member, people["ravi"].board_member], "optional": [], "alternates": []}
    panel[kind] = [*panel[kind], people["mina"].board_member]
    with pytest.raises(Refused, match="Not eligible: Mina Haddad: no valid credential"):
        workflow.open_round(article, actor=people["tom"], now=story.tick(), **panel)


def test_whoever_became_ineligible_while_the_page_was_open_is_refused(article, tom):
    fields = tom.fields(url_of(article), having="stamp")
    BoardMember.objects.filter(user__username="claire").update(load_limit=0)
    answer = tom.client.post(url_of(article), fields)
    assert answer.status_code == 422
    assert "Claire Dubois can&#x27;t sit: has 0 open reviews, the limit is 0" in answer.text


@pytest.mark.parametrize("value", ["zz", "required ", "alternate-9", "\0", "x" * 500])
def test_a_seat_that_is_none_is_a_form_error(value, article, tom, people):
    assert tom.act(article.pk, "open_round", **seats(people, claire=value)).status_code == 422


@pytest.mark.parametrize("username", ["nora", "claire"])
def test_nobody_but_an_editor_opens_a_round(username, article, people):
    person = Person(username)
    assert person.client.get(url_of(article)).status_code == 404
    assert person.force(article, "open_round", **seats(people, claire="required", ravi="required")).status_code == 404
    assert not ReviewRound.objects.exists()


def test_a_form_sent_twice_opens_one_round(article, tom):
    fields = tom.fields(url_of(article), having="stamp")
    assert [tom.client.post(url_of(article), fields).status_code for _time in range(2)] == [302, 302]
    assert ReviewRound.objects.count() == 1


# Searching


def test_a_search_finds_members_and_keeps_what_was_chosen(article, tom, people):
    page = tom.act(article.pk, "open_round", q="rossi", find="1", note="Please.", **seats(people, eva="optional"))
    assert page.status_code == 200
    assert "Sofia Rossi" in page.text
    assert "Liam Byrne" not in page.text
    assert '<option value="optional" selected>' in page.text
    assert "Please." in page.text
    assert not ReviewRound.objects.exists()


def test_whoever_may_not_sit_is_found_with_the_reason(article, tom):
    page = tom.client.get(url_of(article, "?q=haddad")).text
    assert "Mina Haddad" in page
    assert "no valid credential" in page


@pytest.mark.parametrize("query", ["%00", "%ED%A0%80", "x" * 3000, "%25", "%3Cscript%3E", ""])
def test_an_odd_search_is_no_error(query, article, tom):
    page = tom.client.get(url_of(article, f"?q={query}"))
    assert page.status_code == 200
    assert "<script>" not in page.text.partition("<main")[2]


@pytest.mark.long
def test_a_board_of_two_thousand_is_not_written_out(article, tom, story):
    enlarge(story, 2000)
    page = tom.client.get(url_of(article))
    assert rows(page) <= 34
    assert len(page.content) < 200_000
    found = tom.client.get(url_of(article, "?q=member-1777"))
    assert rows(found) == 5
    fields = tom.fields(url_of(article, "?q=member-1777"), having="stamp")
    pk = BoardMember.objects.get(user__username="member-1777").pk
    done = tom.client.post(url_of(article), {**fields, f"seat_{pk}": "required"})
    assert done.status_code == 302
    assert ReviewAssignment.objects.filter(member=pk, seat="required").exists()


def test_the_page_takes_the_same_queries_whatever_the_boards_size(article, tom, story):
    counts = []
    for size in (0, 3, 30):
        enlarge(story, size) if size else None
        with CaptureQueriesContext(connection) as queries:
            assert tom.client.get(url_of(article)).status_code == 200
        counts.append(len(queries))
        BoardMember.objects.filter(user__username__startswith="member-").update(left_on=story.now.date())
        for user in BoardMember.objects.filter(user__username__startswith="member-"):
            type(user.user).objects.filter(pk=user.user_id).update(username=f"gone-{user.pk}")
            BoardMember.objects.filter(pk=user.pk).update(slug=f"gone-{user.pk}")
    assert counts[0] == counts[1] == counts[2]


# Keeping the panel


def sent_back(story, *members: str, **values) -> Article:
    round = opened(story, *members, **values)
    story.sign(round, members[0] if members else "claire", VerdictKind.CHANGES_NEEDED, comment="The dose.")
    return story.triaged(Article.objects.get(pk=round.article_id))


def test_the_next_round_keeps_the_panel_and_says_so(story, tom):
    article = sent_back(story, "ravi", "ana", optional=["sofia"], alternates=["liam"])
    kept = chosen(tom, article)
    assert {name: kept[name] for name in ("ravi", "ana", "sofia", "liam")} == {
        "ravi": "required",
        "ana": "required",
        "sofia": "optional",
        "liam": "alternate-1",
    }
    assert "The panel of round 1 is kept" in tom.client.get(url_of(article)).text
    assert tom.act(article.pk, "open_round").status_code == 302


def test_whoever_was_withdrawn_with_the_round_is_kept_and_whoever_left_it_is_not(story, tom):
    round = opened(story, "claire", "ravi", "ana")
    for name, verb in (("ana", workflow.step_aside), ("ravi", workflow.release)):
        actor = story.people["ana" if name == "ana" else "tom"]
        verb(round.article, actor=actor, now=story.tick(), assignment=story.seat(round, name), reason="No.")
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="A word.")
    article = story.triaged(Article.objects.get(pk=round.article_id))
    kept = workflow.kept_panel(article)
    assert kept.required == (story.people["claire"].board_member.pk,)
    assert "ana" not in chosen(tom, article)


def test_whoever_may_not_sit_any_more_is_not_kept(story, tom):
    article = sent_back(story, "ravi", "ana")
    BoardMember.objects.filter(user__username="ana").update(load_limit=0)
    proposal = chosen(tom, article)
    assert proposal["ravi"] == "required"
    assert "ana" not in proposal


def test_after_a_publication_the_panel_is_chosen_afresh(story):
    article = story.published()
    assert workflow.kept_panel(article).number == 0


# Typographic changes


def test_a_typographic_change_opens_without_a_panel(story, tom):
    article = typographic(story)
    page = tom.client.get(url_of(article)).text
    assert "No panel is asked: an editor who didn&#x27;t make the change signs it" in page
    assert rows(tom.client.get(url_of(article))) == 0
    assert tom.act(article.pk, "open_round").status_code == 302
    round = ReviewRound.objects.get(closed_at=None)
    assert not round.assignments.exists()
    assert decisions.decision_of(round).needs_confirmation


def test_a_rule_of_one_approval_for_any_member_proposes_one(story, tom):
    ReviewRule.objects.filter(change_class="typographic").update(approvals=1)
    article = typographic(story)
    assert list(chosen(tom, article).values()).count("required") == 1
