"""A chief editor drafts the next version of the policy, changes it until its day, and may disable one."""

from datetime import timedelta

import pytest

from articles.models import PublicPolicy
from editorial import clock, policies
from editorial.conditions import Refused
from editorial.models import AuditEvent, ChecklistItem, EditorialPolicy, ReviewRule, Specialty, User
from editorial.models.policy import ChangeClass, RiskTier
from tests.desk import Person

LIST = "/admin/editorial/editorialpolicy/"
HAVING = "in_force_from"


@pytest.fixture
def ingrid(people) -> Person:
    return Person("ingrid")


@pytest.fixture
def first(people) -> EditorialPolicy:
    return EditorialPolicy.objects.get()


def page(policy: EditorialPolicy) -> str:
    return f"{LIST}{policy.pk}/change/"


def verb_url(policy: EditorialPolicy, name: str) -> str:
    return f"{LIST}{policy.pk}/verb/{name}/"


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def drafted(ingrid: Person, policy: EditorialPolicy, **values) -> EditorialPolicy:
    answer = ingrid.fill(verb_url(policy, "draft"), **{"base": "present", **values})
    assert answer.status_code == 302, answer.text
    return EditorialPolicy.objects.first()


def rules(policy: EditorialPolicy) -> dict[tuple[str, str], tuple]:
    fields = ("approvals", "in_specialty", "editor_confirms", "chief_confirms", "review_days", "re_review_months")
    return {
        (rule.risk_tier, rule.change_class): (
            *(getattr(rule, name) for name in fields),
            {s.slug for s in rule.also.all()},
        )
        for rule in policy.rules.all()
    }


def questions(policy: EditorialPolicy) -> list[tuple]:
    return list(policy.checklist.values_list("position", "code", "text", "critical", "every_class"))


def number_of(fields: dict, tier: str, change: str) -> str:
    """The prefix of the form of one rule."""
    return next(
        name.removesuffix("-risk_tier")
        for name, value in fields.items()
        if name.endswith("-risk_tier") and value == tier and fields[name.replace("risk_tier", "change_class")] == change
    )


def change_rule(ingrid: Person, policy: EditorialPolicy, tier: str, change: str, **values):
    fields = ingrid.fields(page(policy), having=HAVING)
    prefix = number_of(fields, tier, change)
    return ingrid.fill(page(policy), having=HAVING, **{f"{prefix}-{name}": value for name, value in values.items()})


def test_the_next_version_is_a_copy_in_force_from_tomorrow(ingrid, first):
    rule = first.rules.get(risk_tier="high", change_class="new")
    rule.also.add(Specialty.objects.get(slug="pharmacology"))
    second = drafted(ingrid, first)

    assert (second.version, second.in_force_from.isoformat()) == (2, in_days(1))
    assert (second.text, second.acceptance, second.hide_reviews) == (first.text, first.acceptance, first.hide_reviews)
    assert rules(second) == rules(first)
    assert rules(second)["high", "new"][-1] == {"pharmacology"}
    assert questions(second) == questions(first)
    assert AuditEvent.objects.get(kind="policy.drafted").subject == second.subject
    assert second.history.get().history_user.username == "ingrid"


def test_drafting_leads_to_the_page_of_the_new_version(ingrid, first):
    answer = ingrid.fill(verb_url(first, "draft"), base="present")
    assert ingrid.client.get(answer.url).url == page(EditorialPolicy.objects.first())


def test_the_same_form_sent_twice_drafts_once(ingrid, first):
    fields = ingrid.fields(verb_url(first, "draft"), having="stamp")
    for _n in range(2):
        ingrid.client.post(verb_url(first, "draft"), {**fields, "base": "present"})
    assert EditorialPolicy.objects.count() == 2


def test_the_preset_for_a_small_board_asks_for_fewer(ingrid, first):
    small = rules(drafted(ingrid, first, base="small_board"))
    assert len(small) == 18
    assert small["standard", "new"][:3] == (1, 1, True)
    assert small["high", "update"][:3] == (2, 1, True)
    assert small["low", "typographic"][:3] == (1, 0, False)
    assert all(small[tier, "urgent"][3] for tier in RiskTier.values)


def test_the_standard_preset_is_the_policy_that_ships(ingrid, first):
    first.rules.filter(risk_tier="low").delete()
    assert rules(drafted(ingrid, first, base="standard")) == {**rules(first), **SHIPPED_LOW}


SHIPPED_LOW = {
    ("low", "new"): (1, 1, True, False, 21, 36, set()),
    ("low", "update"): (1, 1, True, False, 21, 36, set()),
    ("low", "correction"): (1, 1, False, False, 21, 36, set()),
    ("low", "typographic"): (0, 0, True, False, 21, 36, set()),
    ("low", "reaffirmation"): (1, 1, False, False, 21, 36, set()),
    ("low", "urgent"): (1, 1, True, True, 21, 36, set()),
}


@pytest.mark.parametrize("day", [0, -1])
def test_no_version_comes_into_force_today_or_earlier(ingrid, first, day):
    answer = ingrid.fill(verb_url(first, "draft"), base="present", in_force_from=in_days(day))
    assert answer.status_code == 422
    assert "choose tomorrow or after" in answer.text
    with pytest.raises(Refused, match="tomorrow or after"):
        policies.draft_next(first, actor=User.objects.get(username="ingrid"), in_force_from=clock.now().date())
    assert EditorialPolicy.objects.count() == 1


@pytest.mark.parametrize("values", [{"base": "mine"}, {"in_force_from": "soon"}, {"base": None}])
def test_a_draft_that_makes_no_sense_is_refused_with_the_form_kept(ingrid, first, values):
    answer = ingrid.fill(verb_url(first, "draft"), **{"base": "present", **values})
    assert answer.status_code == 422
    assert EditorialPolicy.objects.count() == 1


@pytest.mark.parametrize("name", ["draft", "disable"])
@pytest.mark.parametrize("person", ["tom", "nora", "claire", "stranger"])
def test_nobody_but_a_chief_editor_drafts_or_disables(people, first, name, person):
    client = Person(person).client
    reading, expected = (302, 403) if person == "stranger" else (404, 404)  # who holds no role is told so on sending
    assert client.get(verb_url(first, name)).status_code == reading
    assert client.post(verb_url(first, name), {"base": "present", "reason": "mine"}).status_code == expected
    values = {"draft": {"in_force_from": clock.now().date() + timedelta(days=9)}, "disable": {"reason": "mine"}}
    run = {"draft": policies.draft_next, "disable": policies.disable}[name]
    with pytest.raises(Refused, match="Only a chief editor"):
        run(first, actor=people[person], **values[name])
    assert EditorialPolicy.objects.filter(disabled_at=None).count() == 1


def test_a_version_in_force_is_shown_and_never_changed(ingrid, first):
    text = ingrid.client.get(page(first)).text
    assert "Draft the next one" in text
    assert 'name="rules-TOTAL_FORMS"' not in text
    assert ingrid.client.post(page(first), {"text": "Mine", "_save": "1"}).status_code == 403
    assert EditorialPolicy.objects.get(pk=first.pk).text == first.text


def test_no_version_is_added_from_nothing(ingrid):
    assert ingrid.client.get(f"{LIST}add/").status_code == 403


def test_editors_see_the_policy_and_change_nothing(ingrid, first):
    second = drafted(ingrid, first)
    tom = Person("tom")
    assert "3 approvals, of these 2 in the article&#x27;s specialty" in tom.client.get(page(second)).text
    assert tom.client.post(page(second), {"text": "Mine"}).status_code == 403
    assert Person("claire").client.get(page(second)).status_code == 403


def test_a_later_version_can_be_changed_until_its_day(ingrid, first):
    second = drafted(ingrid, first, in_force_from=in_days(30))
    also = Specialty.objects.get(slug="pharmacology").pk
    answer = change_rule(ingrid, second, "high", "new", approvals="4", also=[also], review_days="14")

    assert answer.status_code == 302, answer.text
    assert rules(second)["high", "new"] == (4, 2, True, False, 14, 12, {"pharmacology"})
    assert rules(second)["high", "update"] == rules(first)["high", "update"]
    EditorialPolicy.objects.filter(pk=second.pk).update(in_force_from=clock.now().date())
    assert ingrid.client.post(page(second), {"text": "Too late"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "values", "words"),
    [
        ("new", {"approvals": "1", "in_specialty": "2"}, "Raise that to 2, or ask for fewer"),
        ("new", {"approvals": "0", "in_specialty": "0"}, "Only a typographic change goes without"),
        ("typographic", {"editor_confirms": None}, "a second editor has to sign"),
        ("new", {"re_review_months": "37"}, "after 36 months at the latest"),
        ("new", {"respond_days": "11"}, "An answer is due before the review is"),
        ("new", {"approvals": "many"}, "Enter a whole number"),
        ("new", {"approvals": "99999999"}, "less than or equal"),
        ("new", {"review_days": ""}, "This field is required"),
        ("new", {"also": ["0", "x"]}, "x"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words_with_nothing_lost(ingrid, first, change, values, words):
    second = drafted(ingrid, first)
    before = rules(second)
    answer = change_rule(ingrid, second, "high", change, **values)

    assert answer.status_code == 200
    assert words in answer.text.replace("&#x27;", "'")
    assert rules(second) == before


def test_a_specialty_beside_the_articles_needs_an_approval_of_its_own(ingrid, first):
    second = drafted(ingrid, first)
    also = list(Specialty.objects.values_list("pk", flat=True)[:2])
    answer = change_rule(ingrid, second, "high", "new", also=also)
    assert "2 from the article&#x27;s specialty and 2 from others are asked" in answer.text
    assert "Raise that to 4" in answer.text


def test_a_rule_may_be_taken_out_and_asked_for_again(ingrid, first):
    second = drafted(ingrid, first)
    answer = change_rule(ingrid, second, "high", "urgent", asked=None)
    assert answer.status_code == 302, answer.text
    assert ("high", "urgent") not in rules(second)
    assert len(rules(second)) == 17
    assert "There is no rule for high risk, urgent" in ingrid.client.get(page(second)).text

    again = change_rule(ingrid, second, "high", "urgent", asked="on", approvals="2", chief_confirms="on")
    assert again.status_code == 302, again.text
    assert rules(second)["high", "urgent"][:2] == (2, 1)


def test_questions_are_added_changed_and_ordered(ingrid, first):
    second = drafted(ingrid, first)
    fields = ingrid.fields(page(second), having=HAVING)
    count = int(fields["checklist-TOTAL_FORMS"])
    new = {
        "checklist-TOTAL_FORMS": str(count + 2),
        f"checklist-{count}-text": "Is pregnancy spoken of?",
        f"checklist-{count}-position": "1",
        f"checklist-{count}-critical": "on",
        f"checklist-{count + 1}-text": "Is pregnancy spoken of?",
        f"checklist-{count + 1}-position": "99",
        f"checklist-{count + 1}-every_class": "on",
        "checklist-0-text": "Doses are right.",
    }
    answer = ingrid.fill(page(second), having=HAVING, **new)

    assert answer.status_code == 302, answer.text
    found = questions(second)
    assert found[0] == (0, "doses", "Doses are right.", True, True)
    assert (1, "is-pregnancy-spoken-of", "Is pregnancy spoken of?", True, False) in found
    assert found[-1] == (99, "is-pregnancy-spoken-of-2", "Is pregnancy spoken of?", False, True)
    assert questions(first)[0][2] != "Doses are right."


def test_a_question_can_be_taken_out_of_a_later_version(ingrid, first):
    second = drafted(ingrid, first)
    ingrid.fill(page(second), having=HAVING, **{"checklist-0-DELETE": "on"})
    assert ChecklistItem.objects.filter(policy=second).count() == ChecklistItem.objects.filter(policy=first).count() - 1


def test_saving_shows_readers_the_new_rules(ingrid, first):
    second = drafted(ingrid, first)
    change_rule(ingrid, second, "low", "new", approvals="5")
    assert ">5, of these 1 in the article&#x27;s specialty</td>" in PublicPolicy.objects.get(version=2).main_html


def test_settings_are_kept_with_the_version(ingrid, first):
    second = drafted(ingrid, first)
    ingrid.fill(page(second), having=HAVING, acceptance="answer", hide_reviews=None, re_review_by_clock=None)
    second.refresh_from_db()
    assert (second.acceptance, second.hide_reviews, second.re_review_by_clock) == ("answer", False, False)
    snapshot = second.rules.first().snapshot(specialty="cardiology")
    assert (snapshot["acceptance"], snapshot["hide_reviews"]) == ("answer", False)


def test_disabling_falls_back_to_the_version_before(ingrid, first):
    second = drafted(ingrid, first)
    EditorialPolicy.objects.filter(pk=second.pk).update(in_force_from=clock.now().date())
    shown = ingrid.client.get(verb_url(second, "disable")).text
    assert "New rounds are opened under version 1 again" in shown
    assert ingrid.fill(verb_url(second, "disable"), reason="It asks too much.").status_code == 302

    assert EditorialPolicy.in_force(clock.now().date()) == first
    event = AuditEvent.objects.get(kind="policy.disabled")
    assert event.subject == "policy:2"
    assert "It asks too much." in event.body
    assert "disabled on" in ingrid.client.get(page(second)).text


def test_disabling_the_last_version_says_what_happens(ingrid, first):
    assert "no round can be opened until a next one is" in ingrid.client.get(verb_url(first, "disable")).text
    assert ingrid.fill(verb_url(first, "disable"), reason="").status_code == 422
    ingrid.fill(verb_url(first, "disable"), reason="Under revision.")
    assert EditorialPolicy.in_force(clock.now().date()) is None
    again = ingrid.client.get(verb_url(first, "disable"))
    assert "disabled already" in again.text


def test_disabling_a_version_that_waits_changes_nothing_else(ingrid, first):
    second = drafted(ingrid, first)
    assert "isn&#x27;t the one in force" in ingrid.client.get(verb_url(second, "disable")).text
    ingrid.fill(verb_url(second, "disable"), reason="Not needed.")
    assert ingrid.client.post(page(second), {"text": "Mine"}).status_code == 403
    assert EditorialPolicy.in_force(clock.now().date() + timedelta(days=9)) == first


def test_a_stale_form_disables_nothing(ingrid, first):
    fields = ingrid.fields(verb_url(first, "disable"), having="stamp")
    EditorialPolicy.objects.filter(pk=first.pk).update(in_force_from="2024-01-01")
    answer = ingrid.client.post(verb_url(first, "disable"), {**fields, "reason": "old"})
    assert answer.status_code == 409
    assert EditorialPolicy.objects.get(pk=first.pk).disabled_at is None


@pytest.mark.parametrize("url", [f"{LIST}999999/verb/draft/", f"{LIST}999999/change/", f"{LIST}1/verb/nothing/"])
def test_what_is_not_there_is_not_found(ingrid, url):
    assert ingrid.client.get(url).status_code in (302, 404)


def test_every_tier_and_class_has_its_place_on_the_page(ingrid, first):
    ReviewRule.objects.filter(policy=first, change_class="urgent").delete()
    text = ingrid.client.get(page(first)).text
    for change in ChangeClass:
        assert text.count(f'<span class="rule__name">{str(change.label).capitalize()}</span>') == 3
    assert text.count("no rule: such rounds can&#x27;t be opened") == 3


ATTACKS = [
    lambda p: ReviewRule.objects.filter(policy=p, risk_tier="high").update(approvals=1, in_specialty=0),
    lambda p: ReviewRule.objects.filter(policy=p, change_class="urgent").delete(),
    lambda p: p.rules.first().also.add(Specialty.objects.first()),
    lambda p: ChecklistItem.objects.filter(policy=p, critical=True).update(critical=False),
    lambda p: EditorialPolicy.objects.filter(pk=p.pk).update(text="Anything goes."),
    lambda p: EditorialPolicy.objects.filter(pk=p.pk).update(in_force_from="2020-01-01"),
    lambda p: EditorialPolicy.objects.filter(pk=p.pk).update(hide_reviews=False),
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_verification_finds_a_version_that_was_changed_behind_the_desk(ingrid, first, attack):
    second = drafted(ingrid, first)
    change_rule(ingrid, second, "high", "new", approvals="4")
    assert list(policies.problems()) == []
    attack(second)
    assert [problem.message for problem in policies.problems()] == ["it says something else than was written"]


def test_verification_finds_a_version_that_was_disabled_or_enabled_behind_the_desk(ingrid, first):
    ingrid.fill(verb_url(first, "disable"), reason="Under revision.")
    assert list(policies.problems()) == []
    EditorialPolicy.objects.filter(pk=first.pk).update(disabled_at=None)
    assert [problem.message for problem in policies.problems()] == ["whether it is disabled isn't what the events say"]
