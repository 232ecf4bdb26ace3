"""Text as it may be stored: NFC, no NUL, no lone surrogates, of a bounded size. Refused once, here."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

LONGEST = 200_000
"""Bytes of UTF-8 that a long text may have: the 200 kB of a variant's Markdown."""


MOST_ACCENTS = 30
"""Combining marks on one letter; normalising takes time that grows with the square of a longer stack."""

_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_STACK = re.compile(f"[{_MARKS}]{{{MOST_ACCENTS + 1}}}")


def clean(value: str, *, limit: int = LONGEST) -> str:
    """``value`` in NFC with Unix line ends. Raises ValidationError for what no database should keep.

    ``limit`` is in bytes of UTF-8.
    """
    if "\x00" in value:
        raise ValidationError(_("The text holds a NUL character. Remove it and try again."), code="nul")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise ValidationError(
            _("The text holds half of a surrogate pair, which isn't a character. Paste it again."), code="surrogate"
        ) from None
    if size > limit:
        raise ValidationError(
            _("The text has %(size)s bytes; at most %(limit)s fit. Shorten it."),
            code="size",
            params={"size": size, "limit": limit},
        )
    if _STACK.search(value):
        raise ValidationError(
            _("One letter carries more than %(most)s accents. Paste the text again."), params={"most": MOST_ACCENTS}
        )
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def deliverable(address: str) -> None:
    """Raises ValidationError for an address that Django takes and no mail can be sent to: its domain has no ASCII form.

    Otherwise whoever asks for a new password for it gets an error page.
    """
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:
        raise ValidationError(_("No mail can be sent to this address. Type it again, without blanks.")) from None
    if not address.isprintable():
        raise ValidationError(_("The address holds a character that can't be seen. Type it again."))


class CleanCharField(models.CharField):
    """A CharField that stores only clean text."""

    def get_prep_value(self, value: object) -> object:
        value = super().get_prep_value(value)
        return clean(value) if isinstance(value, str) else value

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        return super().clean(clean(value) if isinstance(value, str) else value, model_instance)


class VerbatimField(forms.CharField):
    """Long text as it was typed: browsers send other line ends, and nothing is stripped from a text people sign.

    Otherwise saving an untouched form would change the text and make a contributor of whoever saved it.
    """

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value: object) -> object:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        return "" if text.isspace() else text.replace("\r\n", "\n").replace("\r", "\n")


class CleanTextField(models.TextField):
    """A TextField that stores only clean text."""

    def formfield(self, **kwargs: object) -> forms.Field | None:
        return super().formfield(**{"form_class": VerbatimField, **kwargs})

    def get_prep_value(self, value: object) -> object:
        value = super().get_prep_value(value)
        return clean(value) if isinstance(value, str) else value

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        return super().clean(clean(value) if isinstance(value, str) else value, model_instance)
