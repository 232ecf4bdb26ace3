"""What an examination yields."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    UNKNOWN = "not looked at"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """``said`` is what was seen, ``todo`` what to do about it; empty where nothing is to be done."""

    level: Level
    said: str
    todo: str = ""

    def plain(self) -> dict[str, str]:
        return {"level": str(self.level), "said": self.said, "todo": self.todo}


def fine(said: str) -> Finding:
    return Finding(Level.OK, said)


def warning(said: str, todo: str) -> Finding:
    return Finding(Level.WARNING, said, todo)


def fault(said: str, todo: str) -> Finding:
    return Finding(Level.FAULT, said, todo)
