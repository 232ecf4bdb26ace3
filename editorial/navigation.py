"""The desk's sidebar: where a person can go, by what they are here for. Each app names its own places."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

SECTIONS = {
    "home": "",
    "reviews": _("Your reviews"),
    "queue": _("Queue"),
    "articles": _("Articles"),
    "board": _("Board"),
    "house": _("The house"),
}
"""In this order; a section without a place isn't shown."""


@dataclass(frozen=True)
class Place:
    """One way in. ``icon`` is one of ``components/icon.html``; ``count`` what waits there, as shown.

    ``within``: how the addresses of its further pages begin; those that begin like its own need no naming.
    """

    section: str
    label: Any
    url: str
    icon: str
    count: str = ""
    trouble: bool = False
    within: tuple[str, ...] = ()
    leads_on: bool = True
    """Whether pages whose addresses begin like this one's belong to it."""
    weight: int = 100
    current: str = ""
    """What ``aria-current`` says of it: "page", "true" for one of its further pages, or nothing."""

    @property
    def drawing(self) -> str:
        """Its icon as HTML."""
        return _drawn(self.icon)


@cache
def _drawn(icon: str) -> str:
    return render_to_string("components/icon.html", {"name": icon})


@dataclass(frozen=True)
class Section:
    name: str
    title: Any
    places: list[Place]


Counts = Mapping[str, int]
Maker = Callable[[HttpRequest, Counts], Iterable[Place]]

_makers: list[Maker] = []


def add_places(maker: Maker) -> None:
    if maker not in _makers:
        _makers.append(maker)


def sections_for(request: HttpRequest, counts: Counts) -> list[Section]:
    """Every section with a place in it. A way that two roles open stands there once. ``counts``: of ``tallies``."""
    places = {place.url: place for maker in _makers for place in maker(request, counts)}
    marked = marking(sorted(places.values(), key=lambda place: place.weight), request.get_full_path())
    grouped = {name: [place for place in marked if place.section == name] for name in SECTIONS}
    return [Section(name, SECTIONS[name], found) for name, found in grouped.items() if found]


def marking(places: list[Place], address: str) -> list[Place]:
    """``places`` with the one marked that ``address`` belongs to most closely; none where it belongs to none."""
    here = max(places, key=lambda place: _fit(place, address), default=None)
    if here is None or _fit(here, address) == NOWHERE:
        return places
    marked = replace(here, current="page" if _fit(here, address)[0] == ITSELF else "true")
    return [marked if place is here else place for place in places]


NOWHERE = (0, 0, 0)
FURTHER, ITSELF = 1, 2


def _fit(place: Place, address: str) -> tuple[int, int, int]:
    """How well: the kind of fit, how much of the query the place names, and how long its address is."""
    own, asked = urlsplit(place.url), urlsplit(address)
    wanted = set(parse_qsl(own.query))
    if own.path == asked.path and not own.fragment and wanted <= set(parse_qsl(asked.query)):
        return ITSELF, len(wanted), len(own.path)
    leads_on = place.leads_on and not (own.query or own.fragment)
    starts = (own.path, *place.within) if leads_on else place.within
    longest = max((len(start) for start in starts if asked.path.startswith(start)), default=0)
    return (FURTHER, 0, longest) if longest else NOWHERE
