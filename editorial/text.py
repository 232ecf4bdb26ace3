"""Text as it may be stored: NFC, no NUL, no lone surrogates, of a bounded size. Refused once, here."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

LONGEST = 200_000
"""Bytes of UTF-8 that a long text may have: the 200 kB of a variant's Markdown."""


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
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


class CleanCharField(models.CharField):
    """A CharField that stores only clean text."""

    def get_prep_value(self, value: object) -> object:
        value = super().get_prep_value(value)
        return clean(value) if isinstance(value, str) else value

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        return super().clean(clean(value) if isinstance(value, str) else value, model_instance)


class CleanTextField(models.TextField):
    """A TextField that stores only clean text."""

    def get_prep_value(self, value: object) -> object:
        value = super().get_prep_value(value)
        return clean(value) if isinstance(value, str) else value

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        return super().clean(clean(value) if isinstance(value, str) else value, model_instance)
