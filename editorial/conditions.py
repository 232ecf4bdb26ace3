"""A condition answers yes or no and carries its reason. One object serves the button, the error and the bulk action."""

from dataclasses import dataclass


class Refused(Exception):
    """A verb that didn't run. The reason says what to do; nothing was written."""

    status = 403

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MovedOn(Refused):
    """The thing changed since the form was opened."""

    status = 409


@dataclass(frozen=True)
class Condition:
    """True or false, and why not."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason

    def enforce(self) -> None:
        """Raises Refused with the reason when the answer is no."""
        if self.reason:
            raise Refused(self.reason)

    def __and__(self, other: "Condition") -> "Condition":
        return self if self.reason else other


YES = Condition()


def no(reason: object) -> Condition:
    return Condition(str(reason))


def unless(passes: object, reason: object) -> Condition:
    """Yes when ``passes`` holds, else no for ``reason``."""
    return YES if passes else no(reason)
