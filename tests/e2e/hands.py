"""Two ways to work a page: with a pointer, and with the keyboard alone. Both do only what a person could."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 300
TYPE = "node => node.type || node.tagName.toLowerCase()"
HAS_FOCUS = "node => node === document.activeElement"
SAME_GROUP = "node => document.activeElement.type === 'radio' && document.activeElement.name === node.name"


class Pointer:
    """Clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def presses(self, target: Locator) -> None:
        target.click()

    def ticks(self, target: Locator) -> None:
        target.check()

    def writes(self, target: Locator, text: str) -> None:
        target.fill(text)

    def chooses(self, target: Locator, label: str) -> None:
        target.select_option(label=label)


class Keys(Pointer):
    """Tab, Enter, Space, arrows and letters: what can't be reached with them fails."""

    def presses(self, target: Locator) -> None:
        expect(target).to_be_enabled()
        self._reaches(target, HAS_FOCUS)
        self.page.keyboard.press("Enter")

    def ticks(self, target: Locator) -> None:
        expect(target).to_be_enabled()
        if target.evaluate(TYPE) != "radio":
            self._reaches(target, HAS_FOCUS)
            self.page.keyboard.press("Space")
        else:
            self._reaches(target, SAME_GROUP)
            self.page.keyboard.press("Space")
            for _ in range(target.evaluate("node => document.getElementsByName(node.name).length")):
                if target.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        expect(target).to_be_checked()

    def writes(self, target: Locator, text: str) -> None:
        self._reaches(target, HAS_FOCUS)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def chooses(self, target: Locator, label: str) -> None:
        self._reaches(target, HAS_FOCUS)
        self.page.keyboard.type(label)
        expect(target.locator("option:checked")).to_have_text(label, ignore_case=True)

    def _reaches(self, target: Locator, there: str) -> None:
        for _ in range(MOST_TABS):
            if target.evaluate(there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} can't be reached with the Tab key")
