import pytest

from editorial.models import EditorialPolicy, Specialty
from editorial.wording import rule_words

CASES = [
    ({"approvals": 1, "in_specialty": 1}, "1 approval, in the article's specialty"),
    ({"approvals": 2, "in_specialty": 2}, "2 approvals, all in the article's specialty"),
    ({"approvals": 3, "in_specialty": 2}, "3 approvals, of these 2 in the article's specialty"),
    ({"approvals": 1, "in_specialty": 0}, "1 approval, by any member"),
    ({"approvals": 0, "in_specialty": 0, "change_class": "typographic"}, "no approval by the board"),
]


@pytest.mark.parametrize(("values", "words"), CASES)
def test_approvals_are_said_as_people_say_them(people, values, words):
    rule = EditorialPolicy.objects.get().rules.get(risk_tier="low", change_class="new")
    for name, value in values.items():
        setattr(rule, name, value)
    assert rule_words(rule)[0] == words


def test_other_specialties_are_named(people):
    rule = EditorialPolicy.objects.get().rules.get(risk_tier="high", change_class="new")
    rule.also.add(Specialty.objects.get(slug="pharmacology"))
    assert rule_words(rule) == [
        "3 approvals, of these 2 in the article's specialty, 1 in Pharmacology",
        "an editor confirms",
        "10 days to review, at most 3 open at once, again after 12 months",
    ]


def test_it_says_who_confirms_and_who_decides(people):
    rules = EditorialPolicy.objects.get().rules
    urgent = rules.get(risk_tier="low", change_class="urgent")
    urgent.changes_needed_blocks = False
    assert rule_words(urgent)[1] == "a chief editor confirms"
    assert rule_words(urgent)[-1] == "the editor decides on “changes needed”"
    typographic = rules.get(risk_tier="low", change_class="typographic")
    assert rule_words(typographic) == ["no approval by the board", "a second editor signs"]
