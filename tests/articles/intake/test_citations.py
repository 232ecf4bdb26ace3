"""Which bare numbers are citations: a table of sentences, five references known."""

import pytest

from articles.intake import citations

YES = [
    ("studies investigating its benefit 2, 3, 4.", ["2, 3, 4"]),
    ("does not reverse structural damage 1.", ["1"]),
    ("published in 2021 in the Mayo Clinic Proceedings 1, suggests that", ["1"]),
    ("published in 2020 in Arthritis Care & Research 1 also strongly recommends", ["1"]),
    ("limited by a lack of high-quality evidence 2, 5, 4.", ["2, 5, 4"]),
    ("with long-term follow-up 5.", ["5"]),
    ("in five of the six studies 4.", ["4"]),
    ("in a randomised trial 3.", ["3"]),
    ("in people with hip OA 1.", ["1"]),
    ("of mesenchymal cells (BM-MSC) 2.", ["2"]),
    ("reduced pain by 30% 2, 3.", ["2, 3"]),
    ("after a dose of 5 mg 3.", ["3"]),
    ("in adults with type 2 diabetes 2.", ["2"]),
    ("published in 2021 2.", ["2"]),
    ("as Smith et al. 3, found", ["3"]),
    ("in patients with COVID-19 2.", ["2"]),
    ("The most recent study 1 found that", ["1"]),
    ("the American Academy of Neurology 2 recommends against it", ["2"]),
    ("fewer cramps 2-4.", ["2-4"]),
    ("fewer cramps 2–4.", ["2–4"]),
    ("in pregnant women 3.", ["3"]),
    ("lower mortality 1; the effect was small", ["1"]),
    ("in two systematic reviews 1, 2 and was rare", ["1, 2"]),
    ("of proven benefit 2, 3 in patients with gout", ["2, 3"]),
    ("over 12 weeks 4.", ["4"]),
    ("at lower levels 2.", ["2"]),
    ("seen in this study 2.", ["2"]),
    ("chronic hepatitis B 2.", ["2"]),
    ("magnesium citrate 1: a salt", ["1"]),
    ("it reduces cramps 3", ["3"]),
    ("taken twice daily 1.", ["1"]),
    ("when monitoring is required 2.", ["2"]),
    ("in the placebo group 2.", ["2"]),
    ("two tablets a day 3.", ["3"]),
    ("an hour later 1, 2", ["1, 2"]),
    ("of clear benefit.2 The next", ["2"]),
    ("of clear benefit.2,3", ["2,3"]),
    ("fewer cramps.² The", ["²"]),
    ("fewer cramps²,³ and", ["²,³"]),
    ("(see the larger trials 3).", ["3"]),
    ("fewer cramps [2].", ["[2]"]),
    ("fewer cramps[2, 3] and", ["[2, 3]"]),
    ("fewer cramps [2–4] and", ["[2–4]"]),
    ("fewer cramps [1][2].", ["[1]", "[2]"]),
    ("published in 2020 in JAMA 1 reached the same conclusion", ["1"]),
    ("Ventilation needs further study 3, 4.", ["3, 4"]),
    ("pain 1, stiffness 2, and swelling 3.", ["1", "2", "3"]),
]
NO = [
    "out-of-pocket costs of $2,000-$10,000 per treatment",
    "a study of 10 patients with hip pain",
    "people with type 2 diabetes are",
    "people with diabetes type 2.",
    "a review of 61 studies found",
    "before COVID 19.",
    "take 5 mg daily",
    "a trial in phase 3.",
    "fractures of grade 2.",
    "published in 2021.",
    "rest for 30 minutes",
    "a HbA1c 7.",
    "from age 65.",
    "kidney disease in stage 3, 4.",
    "1, 25 dihydroxyvitamin D",
    "in 2 of 3 trials.",
    "a diet with omega 3.",
    "deficiency of vitamin B 12.",
    "a small trial (n = 5).",
    "with p < 0.05.",
    "about 1 in 10.",
    "at a ratio of 2.",
    "as shown in table 2.",
    "by way of CYP 2.",
    "infused on days 1, 4, 5.",
    "grades 2, 3, and 4.",
    "a score from 3 to 5.",
    "patients 5 and older were",
    "because interleukin 1 is",
    "scores between 2, 3.5 and",
    "at weeks 2, 4.",
    "repeated for 3.",
    "with a range 2-4.",
    "the pain score 5 was",
    "a median 3.",
    "enough vitamin D 3.",
    "the ratio was 2:1.",
    "while Study 1 found",
    "In study 1 found",
    "blocks COX 2 is",
    "a surface of 10 m²",
    "at 25 kg/m² or",
    "the R² was",
    "see Table 1, 2",
    "because factor 5 was",
    "on January 2, 2021",
    "given twice, 3.",
    "no more than 3.",
    "three versus 3.",
    "heart failure of NYHA 3.",
    "evidence of level 4.",
    "risk 0.5 (95% CI [2-4])",
    "a [link][2] and [2](https://example.org) and \\[2]",
    "in patients 12.",
    "up to 3.",
    "step 2.",
    "a week 5-2.",
    "cramps 2, 000.",
    "it costs £3.",
    "at 37.5 degrees",
    "ends at 3/4.",
    "on 2/3/2021.",
    "in 1,200 adults.",
    "Take 2, then 3.",
    "2, 3, 4.",
    "fewer cramps" + "¹" * 5000,
    "fewer cramps 1" + ", 1" * 5000 + ".",
]


@pytest.mark.parametrize(("sentence", "expected"), YES)
def test_these_numbers_are_citations(sentence, expected):
    assert [sentence[found.start : found.end] for found in citations.find(sentence, 5)] == expected


@pytest.mark.parametrize("sentence", NO)
def test_these_numbers_are_left_alone(sentence):
    assert citations.find(sentence, 5) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", (2,)),
        ("2, 3", (2, 3)),
        ("2-4, 9", (2, 3, 4, 9)),
        ("2, 2", (2,)),
        ("4-2", ()),
        ("1-99", ()),
        ("1-2-3", ()),
        (", ".join(map(str, range(1, 42))), ()),
    ],
)
def test_a_list_of_numbers_is_read_in_order(text, numbers):
    assert citations.numbers_of(text) == numbers


def test_only_brackets_make_a_restored_marker_confirmed():
    found = citations.find("fewer cramps [2], less pain 3, and better sleep.⁴", 5)
    assert [(item.numbers, item.confirmed) for item in found] == [((2,), True), ((3,), False), ((4,), False)]


def test_the_bound_grows_with_numbers_the_list_does_not_hold():
    assert citations.bound_of(["less pain 2, 5, 4.", "more sleep 7."], 3) == 7


def test_the_bound_does_not_jump_to_a_stray_number():
    assert citations.bound_of(["less pain 2.", "in women 44."], 3) == 3


def test_a_number_without_a_reference_still_gets_a_key():
    assert citations.marker((1, 7), {1: "roe2015"}) == (("roe2015", "ref7"), "[@roe2015; @ref7]")


def test_the_words_around_a_marker_are_cut_at_spaces():
    text = "one " * 40 + "benefit 2, 3 and " + "two " * 40
    start = text.index("2, 3")
    around = citations.around(text, start, start + 4)
    assert (around[:4], "benefit 2, 3 and two" in around, around[-4:]) == ("…one", True, "two…")
