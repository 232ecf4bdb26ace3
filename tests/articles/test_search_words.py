"""Lay and clinical words for one thing are one thing, whatever their ending and spelling."""

import pytest

from articles import search_words
from articles.search_words import indexed, table, words_of
from articles.search_words.stems import stem

SAME = [
    ("heart attack", "myocardial infarction"),
    ("high blood pressure", "hypertension"),
    ("HTN", "hypertensive"),
    ("stroke", "CVA"),
    ("blood thinners", "anticoagulation"),
    ("water tablets", "diuretics"),
    ("low blood sugar", "hypoglycemia"),
    ("hypoglycaemia", "hypos"),
    ("bladder infection", "UTI"),
    ("shortness of breath", "dyspnoea"),
    ("kidney failure", "CKD"),
    ("DVT", "deep vein thrombosis"),
    ("A1c", "HbA1c"),
    ("swollen ankles", "edema"),
    ("piles of phlegm", "piles of sputum"),
]
WIDER = [
    ("atorvastatin", "statin"),
    ("apixaban", "anticoagulant"),
    ("prednisolone", "steroids"),
    ("NSTEMI", "heart attack"),
]


def meanings(text: str) -> set[str]:
    return {word for word in indexed(text).split() if word.startswith(search_words.MEANING)}


@pytest.mark.parametrize(("lay", "clinical"), SAME)
def test_lay_and_clinical_words_mean_the_same(lay, clinical):
    assert meanings(lay) & meanings(clinical)


@pytest.mark.parametrize(("narrow", "wide"), WIDER)
def test_a_text_that_names_the_narrower_thing_is_found_by_the_wider(narrow, wide):
    assert meanings(wide) <= meanings(narrow)


@pytest.mark.parametrize(
    "group",
    [
        ("stop", "stops", "stopped", "stopping"),
        ("measure", "measuring", "measured"),
        ("infection", "infections", "infected"),
        ("tablet", "tablets"),
        ("haemoglobin", "hemoglobin"),
        ("oedema", "edema"),
        ("tumour", "tumors"),
        ("sulphonylurea", "sulfonylureas"),
        ("biopsy", "biopsies"),
        ("randomised", "randomized"),
    ],
)
def test_endings_and_spellings_of_a_word_are_one(group):
    assert len({stem(word) for word in group}) == 1


@pytest.mark.parametrize(("one", "other"), [("hypertension", "hypotension"), ("start", "stop"), ("statin", "station")])
def test_different_words_stay_different(one, other):
    assert stem(one) != stem(other)


def test_words_that_only_frame_a_question_are_not_indexed():
    assert indexed("What should I do about my") == ""


def test_every_wider_meaning_has_a_line_of_its_own_and_no_meaning_is_empty():
    lines = list(map(search_words._read, search_words._lines("lay_words.txt")))
    names = {name for name, _phrases, _above in lines}
    assert len(names) == len(lines)
    assert {wider for _name, _phrases, above in lines for wider in above} <= names
    assert all(phrases for _name, phrases, _above in lines)


def test_no_phrase_of_the_table_is_lost_to_fillers_alone():
    for run in table():
        assert run
        assert all(word.isalnum() for word in run), run


def test_what_is_indexed_is_letters_and_figures_alone():
    odd = "a'b c-d “e” 1.5 µg ½ ﬀ 血圧 🩺 \x00 NULL' & | ! <-> :*"
    assert all(word.isalnum() for word in indexed(odd).split())


def test_a_word_knows_where_it_stands():
    text = "Don’t stop Husband's tablets"
    assert [text[word.start : word.end] for word in words_of(text)] == ["Don’t", "stop", "Husband's", "tablets"]


def test_a_very_long_text_is_indexed_as_far_as_its_first_words():
    assert len(words_of("word " * 10_000)) == search_words.MOST_WORDS
