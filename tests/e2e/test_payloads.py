"""Hostile texts in every field, on every page, in a real browser: none runs, loads, leads away or plants an element."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.test import Client
from playwright.sync_api import Browser, Error, Page

from articles.models import PublicNotice
from editorial.models import OutboxMessage
from reviews.demo.cast import PASSWORD
from tests import crawl, reading
from tests.authorization import house
from tests.e2e.payloads import ELEMENTS, MARK, PAYLOADS
from tests.e2e.planting import EXCEPTIONS, HostileStory, columns, name_of, plant
from tests.e2e.rooms import furnish

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = """
window.__said = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.__ran = name; };
document.addEventListener("securitypolicyviolation", (event) => window.__said.push(event.violatedDirective));
"""
FOUND = """(mail) => {
  const bad = [], say = (what, node) => bad.push(what + ": " + node.outerHTML.slice(0, 160));
  const leads = ["href", "xlink:href", "src", "action", "formaction", "data", "poster", "background", "ping"];
  const scheme = /^(javascript|vbscript|data|blob|file|feed|jar|view-source):/i;
  const foreign = (address) => {
    try { return new URL(address, location.origin).origin !== location.origin; } catch { return true; }
  };
  const look = (root) => root.querySelectorAll("*").forEach((node) => {
    for (const { name, value } of node.attributes) {
      if (name === "data-planted") say("planted", node);
      if (/^on/i.test(name)) say("handler", node);
      if (name === "srcdoc" && node.getAttribute("sandbox") !== "") say(name, node);
      if (leads.includes(name) && scheme.test(value.replace(/[\\x00-\\x20]/g, ""))) say("address", node);
    }
    const tag = node.localName;
    const ours = mail && ["base", "style"].includes(tag) && !node.attributes.href;
    if (["object", "embed", "base", "frame", "frameset", "applet", "portal", "style"].includes(tag) && !ours)
      say(tag, node);
    if (tag === "meta" && node.httpEquiv) say("meta", node);
    if (tag === "iframe" && foreign(node.src)) say("iframe", node);
    if (tag === "form" && foreign(node.getAttribute("action") ?? "")) say("form", node);
    if (tag === "script" && (!node.src || foreign(node.src)) && !/json$/.test(node.type)) say("script", node);
    if (tag === "template") look(node.content);
  });
  look(document);
  if (window.__ran) bad.push("ran: " + window.__ran);
  return [...bad, ...(window.__said ?? []).map((each) => "policy: " + each)];
}"""


class Visitor:
    """A browser that notes whatever a page tries, with a session for each person."""

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser, self.server = browser, server
        self.pages: dict[str, Page] = {}
        self.said: list[str] = []
        self.opened = 0
        self.shown = 0

    def page(self, who: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(locale="en-GB")
            context.add_init_script(WATCH)
            context.route(re.compile(f"^(?!{re.escape(self.server)}/)"), self._reached)
            if who:
                context.add_cookies([self._session(who)])
            self.pages[who] = page = context.new_page()
            page.on("dialog", lambda dialog: (self.said.append(f"dialog {dialog.message}"), dialog.dismiss()))
            page.on("console", lambda message: self.said.append(message.text))
            page.on("pageerror", lambda error: self.said.append(str(error)))
        return self.pages[who]

    def _reached(self, route) -> None:
        self.said.append(f"reached {route.request.url}")
        route.abort()

    def _session(self, who: str) -> dict[str, str]:
        client = Client()
        assert client.login(username=who, password=PASSWORD)
        cookie = client.cookies["imprimatur_desk"]
        return {"name": "imprimatur_desk", "value": cookie.value, "url": self.server}

    def visit(self, path: str, who: str = "") -> list[str]:
        """What is wrong with the page as this person gets it."""
        self.said.clear()
        page = self.page(who)
        answer = page.goto(self.server + path)
        assert answer is not None, path
        page.mouse.move(200, 200)
        try:
            found = page.evaluate(FOUND, path.endswith("/html/"))
            self.shown += MARK in page.content()
        except Error as problem:  # a page that leads elsewhere by itself takes its document along
            found = [f"led away: {problem}"]
        self.opened += 1
        refused = f"the server responded with a status of {answer.status}"
        said = [words for words in self.said if answer.status < 400 or refused not in words]
        broken = [f"status {answer.status}"] if answer.status >= 500 else []
        return [f"{path} as {who or 'a reader'}: {fault}" for fault in (*broken, *found, *said)]

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def visitor(browser: Browser, live_server) -> Iterator[Visitor]:
    made = Visitor(browser, live_server.url)
    yield made
    made.close()


@pytest.fixture
def hostile(people, now) -> HostileStory:
    """Hostile people and policies before anything is signed, so that signatures and pages are made of them."""
    story = HostileStory(people, now)
    plant(story.supply, only=("User", "BoardMember", "Credential", "Specialty", "EditorialPolicy", "ReviewRule"))
    story.people = {name: type(user).objects.get(pk=user.pk) for name, user in people.items()}
    return story


def everything(story: HostileStory) -> tuple[house.House, dict[str, int]]:
    """The whole house, hostile in every column; how many rows each had."""
    built = house.build(story)
    furnish(story, built)
    return built, dict(plant(story.supply))


def asked() -> list[str]:
    """Pages that show what stands in their address."""
    words = [quote(payload[:400], safe="") for payload in PAYLOADS[:: len(PAYLOADS) // 12]]
    fields = ("/search/?q=pressure+{}", "/ask/?q=pressure+{}", "/ask/send/?q={}", "/topics/?page={}", "/nowhere/{}")
    mixed = ("/search/?q=pressure&topic={0}&audience={0}&fresh={0}&page={0}", "/articles/is-this-one-live/?for={}")
    accounts = ("/accounts/login/?next={}", "/accounts/password/reset/?next={}", "/accounts/password/reset/key/a-{}/")
    return [
        field.format(word) for number, word in enumerate(words) for field in (*fields, *mixed, *accounts)[number % 2 :]
    ]


def asked_of_the_desk() -> list[str]:
    words = [quote(payload[:300], safe="") for payload in PAYLOADS[:: len(PAYLOADS) // 8]]
    pages = (
        *("/admin/search/?q=pressure+{}", "/admin/queue/?q={0}&state={0}&order={0}", "/admin/metrics/?period={}"),
        *("/admin/articles/article/?q={0}&state={0}", "/admin/editorial/outboxmessage/?q={0}&kind={0}", "/admin/{}/"),
        *("/admin/board/?q={}", "/admin/articles/article/add/?title={0}&short_answer={0}", "/admin/login/?next={}"),
    )
    return [page.format(word) for word in words for page in pages]


def test_a_share_of_the_texts_runs_on_no_page(visitor, hostile):
    """The pages with the most on them; ``make long`` opens every one."""
    article = hostile.published()
    plant(hostile.supply)
    readers = (f"/articles/{article.slug}/", "/board/claire-dubois/", "/policy/", "/search/?q=pressure", "/topics/")
    desk = (f"/admin/articles/article/{article.pk}/change/", "/admin/notifications/", "/admin/queue/?view=all")
    found = [fault for path in (*readers, *asked()[:3]) for fault in visitor.visit(path)]
    found += [fault for path in desk for fault in visitor.visit(path, "tom")]

    assert found == []
    assert machines([readers[0]], "how low") == []
    assert visitor.shown >= 6
    assert len(hostile.supply.used) > 500


def test_there_are_as_many_texts_as_were_asked_for_and_each_once():
    assert len(PAYLOADS) >= 500


def test_no_exception_outlives_its_column():
    fields = [field for model in apps.get_models() for field in model._meta.local_concrete_fields]
    known = {name_of(field) for field in fields} | {f"*.{field.name}" for field in fields}
    assert set(EXCEPTIONS) - known == set()
    assert "Article.title" in {name_of(field) for _model, field in columns()}


def test_a_page_that_shows_them_as_they_are_is_caught(page):
    """Nothing here would be worth its time if the look at a page saw nothing. Inside a template nothing runs."""
    page.set_content("<!doctype html><template></template>")
    missed = []
    for payload in ELEMENTS:
        page.evaluate("(text) => { document.querySelector('template').innerHTML = text; }", payload)
        if not page.evaluate(FOUND, False):
            missed.append(payload)
    assert [text for text in missed if not text.startswith(("<body", "<frameset"))] == []
    assert len(missed) == 3, missed


@pytest.mark.long
def test_no_text_runs_on_any_page(visitor, hostile):
    built, planted = everything(hostile)
    supply = hostile.supply
    assert [name for name, rows in planted.items() if not rows] == [], "no row to attack; give the house one"
    assert supply.used == set(PAYLOADS)

    desk = crawl.places(f"/admin/hold/{built.articles['live'].slug}/")
    notices = [f"/notices/{uuid}/" for uuid in PublicNotice.objects.values_list("uuid", flat=True)]
    public = [seen.path for seen in reading.pages(*notices, "/articles/is-this-one-held/", *SEARCHES)]
    found = [fault for place in desk for fault in visitor.visit(place.path, place.who)]
    found += [fault for path in public + asked() for fault in visitor.visit(path)]
    found += [fault for path in mail_frames() for fault in visitor.visit(path, "ingrid")]
    found += [fault for path in asked_of_the_desk() for fault in visitor.visit(path, "ingrid")]

    rows = sum(planted.values())
    print(f"\n{len(PAYLOADS)} payloads, {len(planted)} columns, {rows} values; {len(desk)} pages of the desk,")
    print(f"{len(public)} of the public site; {visitor.opened} opened, {visitor.shown} with payloads on them")
    assert found == []
    assert len(desk) > 60
    assert visitor.shown > visitor.opened / 2
    assert machines(public, "is this") == []


SEARCHES = ("/search/?q=pressure", "/search/?q=planted", "/ask/?q=how+low+should+blood+pressure+be", "/ask/?q=svg+img")


def mail_frames() -> list[str]:
    """Every mail of the outbox with its frame: most kinds, with what was planted in their words."""
    pks = OutboxMessage.objects.order_by("kind", "pk").distinct("kind").values_list("pk", flat=True)
    pages = [f"/admin/editorial/outboxmessage/{pk}/mail/" for pk in pks]
    return [*pages, *(f"{page}html/" for page in pages), "/admin/mail-samples/"]


def machines(public: list[str], asked: str) -> list[str]:
    """What machines read parses, and says nothing that leads elsewhere."""
    client, wrong = Client(), []
    for path in ("/feeds/articles.atom", "/feeds/corrections.atom", "/feeds/topics/hypertension.atom", "/sitemap.xml"):
        answer = client.get(path)
        root = ElementTree.fromstring(answer.content)
        addresses = [node.get("href") or "" for node in root.iter() if node.tag.endswith("link")]
        wrong += [f"{path}: {address}" for address in addresses if urlsplit(address).scheme not in ("http", "https")]
    for path in public:
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.S):
            wrong += [
                f"{path}: {url}" for url in _urls(json.loads(text)) if not url.startswith(("http://", "https://"))
            ]
    suggested = json.loads(client.get("/search/suggest", {"q": asked}).content)
    return wrong if suggested else [*wrong, "nothing is suggested"]


def _urls(value) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("url", "@id", "sameAs", "correction", "publishingPrinciples"):
                yield from [each] if isinstance(each, str) else [one for one in each if isinstance(one, str)]
            yield from _urls(each)
    elif isinstance(value, list):
        for each in value:
            yield from _urls(each)
