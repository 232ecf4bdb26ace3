"""What a way through the desk costs, counted by the browser itself: each click, tap and key that reaches a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

SMALLEST = 24
"""CSS pixels of a target's height (WCAG 2.2, 2.5.8)."""

_COUNTER = """
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, (event) => {
    if (!event.isTrusted || event.repeat) return;
    sessionStorage.setItem(kind, Number(sessionStorage.getItem(kind) ?? 0) + 1);
  }, true);
}
addEventListener("DOMContentLoaded", () => {
  sessionStorage.setItem("pages", Number(sessionStorage.getItem("pages") ?? 0) + 1);
});
"""


@dataclass(frozen=True)
class Cost:
    """``clicks`` are taps too; ``pages`` are those that were loaded, the first included."""

    clicks: int = 0
    keys: int = 0
    pages: int = 0

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.clicks - other.clicks, self.keys - other.keys, self.pages - other.pages)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.clicks + other.clicks, self.keys + other.keys, self.pages + other.pages)


class Hand:
    """Acts on one page as a person does. ``cost`` is all since ``starts``, without what was done ``apart``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.aside: dict[str, Cost] = {}
        self._from = Cost()
        page.context.add_init_script(_COUNTER)

    def starts(self, url: str) -> None:
        """Open a link from elsewhere, and count from here."""
        self.page.goto(url)
        self._from, self.aside = self._all() - Cost(pages=1), {}

    def clicks_on(self, target: Locator) -> None:
        self._aims_at(target)
        target.click()

    def taps_on(self, target: Locator) -> None:
        self._aims_at(target)
        target.tap()

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @contextmanager
    def apart(self, name: str) -> Iterator[None]:
        """What is done here is counted under a name of its own."""
        before = self._all()
        yield
        self.aside[name] = self.aside.get(name, Cost()) + (self._all() - before)

    @property
    def cost(self) -> Cost:
        spent = self._all() - self._from
        for aside in self.aside.values():
            spent -= aside
        return spent

    def _all(self) -> Cost:
        kinds = ("pointerdown", "keydown", "pages")
        return Cost(*(int(self.page.evaluate("kind => sessionStorage.getItem(kind) ?? 0", kind)) for kind in kinds))

    def _aims_at(self, target: Locator) -> None:
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST, "too small to hit"
