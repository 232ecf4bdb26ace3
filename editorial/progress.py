"""How far a long command is: on one line where somebody watches, and now and then on a line of its own elsewhere."""

from time import monotonic

from django.core.management.base import OutputWrapper

SECONDS = 10.0
"""Between two lines where nobody watches."""


class Progress:
    def __init__(self, out: OutputWrapper) -> None:
        self.out, self.began = out, monotonic()
        self._said = 0.0
        self._width = 0

    @property
    def seconds(self) -> float:
        """Since the command began."""
        return monotonic() - self.began

    def say(self, words: str, *, is_last: bool = False) -> None:
        if self.out.isatty():
            self.out.write(f"\r{words:{self._width}}", ending="\n" if is_last else "")
            self.out.flush()
            self._width = len(words)
        elif is_last or monotonic() - self._said > SECONDS:
            self._said = monotonic()
            self.out.write(words)

    def clear(self) -> None:
        """Before something else is written there."""
        if self._width:
            self.out.write(f"\r{'':{self._width}}\r", ending="")
            self._width = 0
