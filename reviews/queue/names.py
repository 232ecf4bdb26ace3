"""The choice among people, of whom a board may have two thousand."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Names(forms.Select):
    """Written in one go: a template for each option, as the framework has it, takes most of a page's time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        given = {"name": name, **self.build_attrs(self.attrs, attrs)}
        texts = ((key, text) for key, text in given.items() if not isinstance(text, bool))
        said = format_html_join("", ' {}="{}"', texts)
        said += format_html_join("", " {}", ((key,) for key, text in given.items() if text is True))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((pk, SafeString(" selected") if str(pk) == chosen else "", label) for pk, label in self.choices),
        )
        return format_html("<select{}>{}</select>", said, options)
