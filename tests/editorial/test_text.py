import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Topic
from editorial.text import LONGEST, CleanCharField, CleanTextField, clean, deliverable


def test_text_is_stored_in_one_form_with_one_kind_of_line_end():
    assert clean("Ange\u0301lique\r\nand\rNora\n") == "Ang\u00e9lique\nand\nNora\n"


@pytest.mark.parametrize(
    ("value", "code", "says"),
    [
        ("a\x00b", "nul", "Remove it and try again."),
        ("a\ud800b", "surrogate", "Paste it again."),
        ("a" * (LONGEST + 1), "size", "Shorten it."),
    ],
)
def test_what_no_database_should_keep_is_refused_with_what_to_do(value, code, says):
    with pytest.raises(ValidationError) as refused:
        clean(value)
    assert refused.value.code == code
    assert refused.value.messages[0].endswith(says)


def test_the_limit_is_in_bytes_and_includes_its_last():
    assert clean("é" * 50, limit=100) == "é" * 50
    with pytest.raises(ValidationError, match="The text has 102 bytes; at most 100 fit"):
        clean("é" * 51, limit=100)
    assert LONGEST == 200_000


@given(st.text())
def test_cleaning_twice_is_cleaning_once(value):
    try:
        once = clean(value)
    except ValidationError:
        return
    assert clean(once) == once
    assert "\r" not in once


@pytest.mark.parametrize("field", [CleanCharField(max_length=20), CleanTextField()])
def test_a_field_cleans_what_a_form_gives_it(field):
    assert field.clean("e\u0301\r\n", None) == "\u00e9\n"
    with pytest.raises(ValidationError, match="NUL"):
        field.clean("\x00", None)


@pytest.mark.sqlite
def test_a_row_saved_past_every_form_is_clean_too(db):
    Topic.objects.create(name="Cafe\u0301", slug="cafe")
    assert Topic.objects.get().name == "Caf\u00e9"
    for dirty in ("a\x00b", "a\ud800b"):
        with pytest.raises(ValidationError), transaction.atomic():
            Topic.objects.create(name=dirty, slug="dirty")
    assert Topic.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["a@example.org\u2028x", "a@exa\u2029mple.org", "a@example.org\u200b", f"a@{'x' * 70}.org"]
)
def test_an_address_that_no_mail_reaches_is_refused(address):
    with pytest.raises(ValidationError):
        deliverable(address)


@pytest.mark.parametrize("address", ["a@example.org", "a@bücher.example", "", "a@例え.example"])
def test_an_address_of_any_script_is_taken(address):
    deliverable(address)
