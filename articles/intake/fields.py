"""The front matter's fields into a manuscript's values; a wrong type is refused with key and line. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from articles.intake.front_matter import Node
from articles.intake.manuscript import Contribution, IntakeError, SourceLine
from articles.intake.vocabulary import words

AUDIENCES = ("clinician", "patient", "student", "general")
ORIGINS = ("human", "ai_assisted", "ai_drafted")
_KNOWN = words(
    """
    title short_answer language region topics byline funding origin ai_contribution audience
    variants references
    """
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_CONTRIBUTION = ("tool", "version", "use", "prompts")


@dataclass
class Fields:
    """The mapping under the fence, asked field by field. ``unplaced`` gathers what no field takes."""

    nodes: Mapping[str, Node]
    unplaced: list[SourceLine]

    @classmethod
    def of(cls, nodes: Mapping[str, Node]) -> "Fields":
        named = {name.replace("-", "_").lower(): node for name, node in nodes.items()}
        if len(named) < len(nodes):
            raise IntakeError("One field of the front matter stands twice in different spelling; keep one", 1)
        unknown = [
            SourceLine(node.line, f"{name}: {shown(node)}", "Not a field of the front matter")
            for name, node in nodes.items()
            if name.replace("-", "_").lower() not in _KNOWN
        ]
        return cls(named, unknown)

    def text(self, name: str) -> str:
        """A field of plain text, empty when it isn't given."""
        node = self.nodes.get(name)
        if node is None or node.value is None:
            return ""
        if isinstance(node.value, (list, dict, bool)):
            raise IntakeError(f"“{name}” must be text", node.line)
        return " ".join(node.text.split())

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name).lower().replace("-", "_")
        if value and value not in allowed:
            raise IntakeError(f"“{name}” is one of {', '.join(allowed)}, not “{value[:60]}”", self.nodes[name].line)
        return value or default

    def language(self) -> str:
        value = self.text("language")
        if value and not _LANGUAGE.fullmatch(value):
            raise IntakeError(
                f"“language” is a code such as en or pt-BR, not “{value[:60]}”", self.nodes["language"].line
            )
        return value or "en"

    def topics(self) -> tuple[str, ...]:
        """A list of names, or one text with commas."""
        node = self.nodes.get("topics")
        if node is None or node.value is None:
            return ()
        if isinstance(node.value, list):
            names = [self._topic(item) for item in node.value]
        elif isinstance(node.value, str):
            names = [" ".join(part.split()) for part in node.value.split(",")]
        else:
            raise IntakeError("“topics” must be a list of names", node.line)
        return tuple(dict.fromkeys(name for name in names if name))

    def byline(self) -> tuple[Mapping[str, str], ...]:
        node = self.nodes.get("byline")
        if node is None or node.value is None:
            return ()
        items = node.value if isinstance(node.value, list) else [node]
        return tuple(self._person(item) for item in items)

    def contributions(self) -> tuple[Contribution, ...]:
        node = self.nodes.get("ai_contribution")
        if node is None or node.value is None:
            return ()
        items = node.value if isinstance(node.value, list) else [node]
        return tuple(self._contribution(item) for item in items)

    def _topic(self, node: Node) -> str:
        if isinstance(node.value, (list, dict, bool)) or node.value is None:
            raise IntakeError("Each of “topics” must be a name", node.line)
        return " ".join(node.text.split())

    def _person(self, node: Node) -> Mapping[str, str]:
        if isinstance(node.value, str) and node.value.strip():
            name, _, credentials = node.value.partition(",")
            return {"name": " ".join(name.split()), "credentials": " ".join(credentials.split())}
        person = self._texts(node, ("name", "credentials"), "byline")
        if not person["name"]:
            raise IntakeError("Each of “byline” needs a name", node.line)
        return person

    def _contribution(self, node: Node) -> Contribution:
        if isinstance(node.value, str) and node.value.strip():
            return Contribution(tool=" ".join(node.value.split()))
        values = self._texts(node, _CONTRIBUTION, "ai_contribution")
        if not values["tool"]:
            raise IntakeError("“ai_contribution” needs the name of the tool", node.line)
        return Contribution(**values)

    def _texts(self, node: Node, names: tuple[str, ...], field: str) -> dict[str, str]:
        if not isinstance(node.value, dict):
            raise IntakeError(f"“{field}” takes {', '.join(names)}", node.line)
        values = dict.fromkeys(names, "")
        for name, value in node.value.items():
            if name not in values:
                self.unplaced.append(
                    SourceLine(value.line, f"{field}: {name}: {shown(value)}", f"Not a field of {field}")
                )
            elif isinstance(value.value, (list, dict, bool)):
                raise IntakeError(f"“{name}” of “{field}” must be text", value.line)
            elif value.value is not None:
                values[name] = value.text.strip() if name == "prompts" else " ".join(value.text.split())
        return values


def shown(node: Node) -> str:
    """A value as one line, for the list of what wasn't placed."""
    if isinstance(node.value, list):
        return ", ".join(shown(item) for item in node.value)
    if isinstance(node.value, dict):
        return ", ".join(f"{name}: {shown(value)}" for name, value in node.value.items())
    return " ".join(node.text.split())


def every_text(nodes: Mapping[str, Node]) -> list[tuple[str, int]]:
    """Each key and each text of the tree with its line, for the checks that hold for all text."""
    found: list[tuple[str, int]] = []
    waiting = [*nodes.values()]
    found += [(name, node.line) for name, node in nodes.items()]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, dict):
            found += [(name, child.line) for name, child in node.value.items()]
            waiting += node.value.values()
        elif isinstance(node.value, list):
            waiting += node.value
        else:
            found.append((node.text, node.line))
    return found
