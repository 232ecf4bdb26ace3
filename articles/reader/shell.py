"""The document around every public page, rendered once per process and filled in by joining strings."""

import hashlib
from datetime import date
from functools import cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string

from articles.page import SITE
from editorial import clock

HEAD, MAIN, ACT = "<!--slot:head-->", "<!--slot:main-->", "<!--slot:act-->"
TAKE_OFF = "<!--slot:take-off-->"
DUE = "<!--slot:due-->"
OVERDUE, END = "<!--slot:overdue-->", "<!--slot:end-->"
SECTIONS = ("/topics/", "/board/", "/policy/")
AUDIENCE = "<!--slot:audience:"


@cache
def parts() -> tuple[str, str, str, str, str]:
    """The shell cut at its slots: before the head, before main, before the act link, after it, the rest."""
    shell = static("shell.html")
    start, rest = shell.split(HEAD)
    before_main, rest = rest.split(MAIN)
    before_act, rest = rest.split(ACT)
    after_act, end = rest.split(TAKE_OFF)
    return start, before_main, before_act, after_act, end


@cache
def build() -> str:
    """Changes when the look changes, so that an ETag of an older look is never answered with 304."""
    look = hashlib.sha256(settings.PUBLIC_URL.encode())
    for name in ("shell.html", "take_off.html", "overdue.html", "held.html", "history_head.html"):
        look.update(static(name).encode())
    return look.hexdigest()[:12]


@cache
def static(name: str) -> str:
    """A template of the reader's that takes nothing but the site's name."""
    return render_to_string(f"articles/reader/{name}", {"site_name": settings.SITE_NAME})


def document(
    main: str,
    *,
    title: str,
    head: str = "",
    act: str = "",
    path: str = "",
    index: bool = True,
    readable: bool = False,
    audience: str = "",
) -> str:
    """The whole page. ``head``: what the page's row stores for machines, of which ``audience`` gets its part.

    ``readable``: the text of an article stands on it, which the staff can take off from its foot.
    """
    start, before_main, before_act, after_act, end = parts()
    before_main = _from_within(before_main, path)
    name = escape(settings.SITE_NAME)
    before_head = f"<title>{escape(title)} · {name}</title>" if title else f"<title>{name}</title>"
    if path:
        before_head += f'<link rel="canonical" href="{escape(settings.PUBLIC_URL + path)}">'
    if not index:
        before_head += '<meta name="robots" content="noindex">'
    head, main = before_head + addressed(for_audience(head, audience)), addressed(main)
    take_off = static("take_off.html").replace(ACT, act) if readable else ""
    return f"{start}{head}{before_main}{main}{before_act}{act}{after_act}{take_off}{end}"


@cache
def _masthead_in(before_main: str, section: str) -> str:
    return before_main.replace(f'<a href="{section}">', f'<a href="{section}" aria-current="true">', 1)


def _from_within(before_main: str, path: str) -> str:
    """The masthead with the part of the site that ``path`` lies in marked as such."""
    section = next((each for each in SECTIONS if path.startswith(each)), "")
    return _masthead_in(before_main, section) if section else before_main


def for_audience(main: str, wanted: str) -> str:
    """Keep one audience's part: the one asked for, else the publisher's default, else the first."""
    before, *chunks = main.split(AUDIENCE)
    if not chunks:
        return main
    variants = {}
    after = ""
    for chunk in chunks:
        audience, _, rest = chunk.partition("-->")
        variants[audience], _, after = rest.partition(END)
    chosen = next((a for a in (wanted, settings.DEFAULT_AUDIENCE) if a in variants), next(iter(variants)))
    return before + variants[chosen] + after


def with_banner(main: str, *, due: date | None) -> str:
    """With the banner of an overdue review where ``due`` is the day that has passed; without it for None."""
    banner = static("overdue.html").replace(DUE, clock.shown(due)) if due else ""
    return main.replace(OVERDUE, banner, 1)


def addressed(main: str) -> str:
    """With the site's own address where the stored page leaves room for it."""
    return main.replace(SITE, settings.PUBLIC_URL)
