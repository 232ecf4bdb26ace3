"""Forms as a browser reads them from a page, to be sent back filled in."""

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """Collects the fields of each form, with the values they show."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        fields, name = self.forms[-1], given.get("name")
        if tag == "textarea" and name:
            self._area = name
            fields[name] = ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    fields.setdefault(name, []).append(given.get("value", "on"))
            else:
                fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            if self._area and self.forms[-1][self._area].startswith("\n"):
                self.forms[-1][self._area] = self.forms[-1][self._area][1:]
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


def fields_of(page: str, *, having: str) -> dict[str, Any]:
    """What the form with the field ``having`` holds now."""
    parser = _Fields()
    parser.feed(page)
    return next(form for form in parser.forms if having in form)
