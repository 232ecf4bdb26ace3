"""Page furniture in many words, and sentences that only look like it."""

import pytest

from articles.intake import Manuscript, read


def pasted(text: str) -> Manuscript:
    return read(text.encode(), name="page.txt")


@pytest.mark.parametrize(
    "line",
    [
        "Personalise",
        "Personalize your experience",
        "Medical Advisory Board",
        "All content is reviewed by our team of physicians",
        "For educational purposes only",
        "Review status: Submitted",
        "Submitted → Under Review → Approved",
        "Last reviewed 3 March 2026 · Editorial policy",
        "Updated on 2026-03-03",
        "View our editorial policy",
        "Medical Disclaimer",
        "This content is not a substitute for professional medical advice.",
        "Example Health assumes no liability for decisions based on this content.",
        "Have a follow-up question?",
        "Still have questions?",
        "Ask a follow-up question",
        "Share this article",
        "© 2026 Example Health. All rights reserved.",
        "_______________",
    ],
)
def test_furniture_in_other_words_is_left_out(line):
    manuscript = pasted(f"A title\n\nThe text of the article.\n\n{line}\n")
    assert [item.text for item in manuscript.left_out] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Personalised dosing is needed in kidney disease.",
        "Approved indications include gout and fever.",
        "All patients were reviewed by a physician at 4 weeks.",
        "Follow-up is needed after 6 weeks.",
        "This information was missing in most trials.",
        "The update of 2020 changed the dose.",
        "• Have a follow-up question ready for the visit",
        "• Submitted",
        "Medical advice should be sought when fever lasts.",
    ],
)
def test_clinical_sentences_are_no_furniture(line):
    manuscript = pasted(f"A title\n\nThe text of the article.\n\n{line}\n")
    assert (manuscript.left_out, line.strip("• ") in manuscript.variants[0].markdown) == ((), True)


def test_the_choices_of_the_personalise_block_go_with_it():
    manuscript = pasted("A title\n\nPersonalize\n\nI'm a patient\nHealthcare professional\n\nText stays here.\n")
    assert [item.line for item in manuscript.left_out] == [3, 5, 6]
