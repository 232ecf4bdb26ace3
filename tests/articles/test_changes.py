"""The lightest class that a difference may have: the whitelist of house.md against pairs of sentences."""

import copy
import time

import pytest

from articles import snapshots
from articles.changes import FIELDS, MOST_REASONS, ORDER, heavier, judge
from tests.articles.data.pairs import PAIRS
from tests.articles.data.snapshots import snapshot, variant
from tests.articles.test_word_diff import long_text


def floor(before, after) -> str:
    return judge(before, after).floor


def with_text(markdown: str, **values) -> dict:
    return snapshot(markdown, **values)


def changed(where: str = "", **values) -> dict:
    """A snapshot with these values; ``where`` is the number of a citation whose CSL takes them instead."""
    result = snapshot()
    (result["citations"][int(where)]["csl"] if where else result).update(values)
    return result


def test_the_table_holds_at_least_two_hundred_pairs_each_once():
    assert len(PAIRS) >= 200
    assert len({frozenset((before, after)) for _label, before, after, _class in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize(("label", "before", "after", "expected"), PAIRS)
def test_a_pair_of_sentences_has_its_class_in_both_directions(label, before, after, expected):
    assert floor(with_text(before), with_text(after)) == expected
    assert floor(with_text(after), with_text(before)) == expected


LINES = [row for row in PAIRS if not set("#[|`*>~&\\\n") & {*row[1], *row[2]} and "    " not in row[1] + row[2]]


@pytest.mark.parametrize(("label", "before", "after", "expected"), LINES)
def test_a_short_answer_is_judged_like_a_text(label, before, after, expected):
    """But for the structure that only Markdown has."""
    assert floor(changed(short_answer=before), changed(short_answer=after)) == expected
    assert floor(changed(title=before), changed(title=after)) == expected


def test_no_difference_is_none():
    judged = judge(snapshot(), snapshot())
    assert judged.is_unchanged
    assert (judged.floor, judged.reasons) == ("none", ())


def test_a_note_on_the_change_is_no_change():
    assert floor(snapshot(), changed(change_note="A comma.")) == "none"
    assert floor(changed(conclusions_changed=True), changed(conclusions_changed=False)) == "none"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "How low should blood pressure be"}, "correction"),
        ({"title": "How low should Blood pressure be?"}, "typographic"),
        ({"short_answer": "For most adults below 130 mm Hg, if treatment is well tolerated."}, "correction"),
        ({"short_answer": "For most adults, below 130 mm Hg if treatment is well tolerated"}, "typographic"),
        ({"language": "en-GB"}, "correction"),
        ({"region": "Norway"}, "correction"),
        ({"byline": [{"name": "Nora Feld", "credentials": "Ph.D."}]}, "correction"),
        ({"byline": []}, "correction"),
        ({"funding": "None"}, "correction"),
        ({"funding": "A company"}, "correction"),
        ({"literature_current_to": "2026-02-28"}, "correction"),
        ({"literature_current_to": None}, "correction"),
        ({"origin": "ai_assisted"}, "correction"),
        ({"ai_contributions": [{"tool": "T", "version": "1", "use": "u", "prompts": ""}]}, "correction"),
        ({"topics": [{"slug": "hypertension", "name": "hypertension", "mesh_id": "D006973"}]}, "correction"),
        ({"topics": []}, "correction"),
        ({"schema": 2}, "correction"),
        ({"something_new": ""}, "correction"),
        ({"something_new": {"deep": [1]}}, "correction"),
        ({"variants": []}, "update"),
        ({"citations": []}, "update"),
    ],
)
def test_each_field_has_its_rule(values, expected):
    assert floor(snapshot(), changed(**values)) == expected
    assert floor(changed(**values), snapshot()) == expected


def test_every_field_of_a_real_snapshot_has_a_rule_of_its_own(story):
    assert set(snapshots.of(story.draft()).values) == FIELDS
    assert set(snapshot()) == FIELDS


def test_a_field_without_a_rule_is_a_correction_even_when_only_its_value_differs():
    judged = judge(changed(later="some words"), changed(later="some words."))
    assert judged.floor == "correction"
    assert judged.reasons == ("Later: “some words” became “some words.”.",)


def test_a_field_of_a_text_or_source_without_a_rule_is_a_correction():
    later, source = snapshot(), snapshot()
    later["variants"][0]["later"] = ""
    source["citations"][0]["later"] = ""
    assert floor(snapshot(), later) == floor(later, snapshot()) == "correction"
    assert floor(snapshot(), source) == floor(source, snapshot()) == "correction"


@pytest.mark.parametrize("change", [{"short_answer": "For most adults,  below 130 mm Hg."}, {"title": "Now?"}])
def test_changed_conclusions_make_any_change_an_update(change):
    judged = judge(
        changed(short_answer="For most adults, below 130 mm Hg."), changed(**change, conclusions_changed=True)
    )
    assert judged.floor == "update"
    assert "The conclusions changed" in judged.reasons[0]


def test_a_text_for_another_audience_is_an_update():
    more = snapshot()
    more["variants"].append(variant("In plain words.", "patient"))
    judged = judge(snapshot(), more)
    assert judged.floor == "update"
    assert judged.reasons == ("Text for patients and caregivers: added.",)
    assert judge(more, snapshot()).reasons == ("Text for patients and caregivers: removed.",)
    turned = {**more, "variants": more["variants"][::-1]}
    assert floor(more, turned) == "correction"
    assert (
        floor(snapshot(), {**snapshot(), "variants": [{**snapshot()["variants"][0], "audience": "patient"}]})
        == "update"
    )


@pytest.mark.parametrize("name", ["html_sha256", "sections", "citations"])
def test_a_page_that_differs_while_its_words_do_not_is_never_silent(name):
    after = snapshot()
    after["variants"][0][name] = "f" * 64 if name == "html_sha256" else []
    judged = judge(snapshot(), after)
    assert ORDER.index(judged.floor) >= ORDER.index("correction")
    assert judged.reasons


def test_typography_alone_is_no_excuse_for_a_page_that_this_release_makes_otherwise():
    before, after = with_text("However the drug helps."), with_text("However, the drug helps.")
    assert floor(before, after) == "typographic"
    before["variants"][0]["html_sha256"] = "f" * 64
    assert floor(before, after) == "correction"


def test_outside_english_only_spacing_is_typographic():
    def german(text):
        return with_text(text, language="de")

    assert floor(german("Das  Mittel hilft ."), german("Das Mittel hilft.")) == "typographic"
    assert floor(german("Das Mittel hilft"), german("Das Mittel hilft.")) == "correction"
    assert floor(german("Der arm schmerzt."), german("Der Arm schmerzt.")) == "correction"


SOURCES = [
    ("a link", "1", {"URL": "https://www.nejm.org/elsewhere"}, "typographic"),
    ("no link any more", "1", {"URL": ""}, "typographic"),
    ("a link where none was", "0", {"URL": "https://example.org/"}, "typographic"),
    ("the day it was opened", "1", {"accessed": {"date-parts": [[2026, 2, 1]]}}, "typographic"),
    ("the case of a DOI", "1", {"DOI": "10.1056/NEJMoa1511939"}, "typographic"),
    ("a link that is the DOI", "1", {"URL": "https://doi.org/10.1056/nejmoa1511939"}, "typographic"),
    ("a link to another DOI", "1", {"URL": "https://doi.org/10.1000/other"}, "correction"),
    ("a link to another PubMed entry", "1", {"URL": "https://pubmed.ncbi.nlm.nih.gov/1/"}, "correction"),
    ("a link that is none", "1", {"URL": "javascript:alert(1)"}, "correction"),
    ("a changed DOI", "1", {"DOI": "10.1056/nejmoa1511938"}, "correction"),
    ("a removed DOI", "1", {"DOI": ""}, "correction"),
    ("a changed PMID", "1", {"PMID": "26551273"}, "correction"),
    ("an added PMCID", "1", {"PMCID": "PMC4689591"}, "correction"),
    ("another DOI and PMID, the same title", "1", {"DOI": "10.1000/x", "PMID": "1"}, "correction"),
    ("the year", "1", {"issued": {"date-parts": [[2016]]}}, "correction"),
    ("an author", "0", {"author": [{"family": "Jones", "given": "D"}]}, "correction"),
    ("pages", "0", {"page": "1-2"}, "correction"),
    ("a word of the title", "0", {"title": "2025 AHA/ACC low blood pressure guideline"}, "correction"),
    ("a capital of the title", "0", {"title": "2025 AHA/ACC high Blood pressure guideline"}, "typographic"),
    ("the journal's capital", "0", {"container-title": "hypertension"}, "typographic"),
    ("another property", "0", {"note": "x"}, "correction"),
    ("the type", "0", {"type": "book"}, "correction"),
    ("another title and DOI and PMID", "1", {"title": "X", "DOI": "10.1000/x", "PMID": "1"}, "update"),
]


@pytest.mark.parametrize(("label", "number", "values", "expected"), SOURCES)
def test_a_source_is_judged_by_its_identifiers(label, number, values, expected):
    assert floor(snapshot(), changed(number, **values)) == expected
    if label not in ("a link to another DOI", "a link to another PubMed entry", "a link that is none"):
        assert floor(changed(number, **values), snapshot()) == expected


def test_a_link_is_the_identity_of_a_source_that_has_no_other():
    before = snapshot()
    before["citations"][1]["csl"] = {"id": "sprint", "type": "webpage", "title": "A page", "URL": "https://a.example/"}
    after = copy.deepcopy(before)
    after["citations"][1]["csl"]["URL"] = "https://b.example/"
    assert floor(before, after) == "correction"


def test_sources_that_come_go_or_are_exchanged_are_an_update():
    fewer = snapshot()
    gone = fewer["citations"].pop()
    assert floor(snapshot(), fewer) == "update"
    assert judge(fewer, snapshot()).reasons == (f"The source “{gone['csl']['title']}” was added.",)
    exchanged = snapshot()
    a, b = exchanged["citations"]
    a["key"], b["key"] = b["key"], a["key"]
    assert floor(snapshot(), exchanged) == "update"


@pytest.mark.parametrize(("name", "value"), [("kind", "other"), ("cited_because_retracted", True)])
def test_what_a_source_stands_for_is_an_update(name, value):
    after = snapshot()
    after["citations"][0][name] = value
    assert floor(snapshot(), after) == "update"


def test_a_renamed_key_another_order_and_a_rationale_are_corrections():
    renamed, turned, argued = snapshot(), snapshot(), snapshot()
    renamed["citations"][0]["key"] = "esc"
    turned["citations"].reverse()
    argued["citations"][0]["rationale"] = "It is cited to refute it."
    for after in (renamed, turned, argued):
        assert floor(snapshot(), after) == floor(after, snapshot()) == "correction"


def test_a_new_section_of_background_is_a_correction_and_one_of_evidence_an_update():
    text = snapshot()["variants"][0]["markdown"]
    assert floor(snapshot(), with_text(f"{text}\n## Background {{.background}}\n\nMuch.\n")) == "correction"
    assert floor(snapshot(), with_text(f"{text}\n## More trials {{.research}}\n\nMuch.\n")) == "update"


def test_reasons_name_the_words_before_and_after():
    food = " with some food, as most adults do when they eat."
    before = with_text(f"Take aspirin{food}\n\nGive 5 mg of it each day, unless the patient bleeds.")
    after = with_text(f"Take Aspirin{food}\n\nGive 50 mg of it each day, unless the patient bleeds.")
    assert judge(before, after).reasons == (
        "Text for health professionals: “… eat. Give 5 mg of it …” became “… eat. Give 50 mg of it …”.",
    )
    (reason,) = judge(with_text("About 1,000 people."), with_text("About 1.000 people.")).reasons
    assert reason.startswith("Text for health professionals: “About 1,000 people.” became “About 1.000 people.”.")
    (reason,) = judge(with_text("It protects us."), with_text("It protects US.")).reasons
    assert reason.endswith("A capital can change what a word means.")
    (reason,) = judge(with_text("It helps [@aha]."), with_text("It helps.")).reasons
    assert reason.endswith("A citation moved, came or went.")


def test_only_the_first_reasons_are_named_and_the_rest_counted():
    before = "\n\n".join(f"Word {'a' * n} own stands in a paragraph that has a word of its kind." for n in range(3, 30))
    judged = judge(with_text(before), with_text(before.replace("own", "mine")))
    assert len(judged.reasons) == MOST_REASONS + 1
    assert judged.reasons[-1] == f"And {27 - MOST_REASONS} more."


def test_the_heavier_of_two():
    assert heavier("correction", "typographic") == heavier("typographic", "correction") == "correction"


@pytest.mark.parametrize("kind", ["prose", "one paragraph", "two words"])
def test_long_texts_are_judged_quickly(kind):
    before = long_text(kind)
    after = before[:50_000] + " not " + before[50_000:]
    sides = with_text(before), with_text(after)
    began = time.process_time()
    assert floor(*sides) == "correction"
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "word", ["a" * 150_000 + "1", "a-" * 75_000 + "1", "e\u0301" * 20 + "a" * 100_000, "'" * 150_000]
)
def test_a_word_without_end_is_judged_quickly(word):
    began = time.process_time()
    assert floor(changed(title=f"The {word} helps"), changed(title=f"The {word}, helps")) in (
        "typographic",
        "correction",
    )
    assert time.process_time() - began < 20
