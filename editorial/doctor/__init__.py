"""Looks at a deployment and says what to do. Each part is examined by itself; apps add examinations of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from editorial import registry
from editorial.doctor import machine, parts, postgresql, record, site
from editorial.doctor.findings import Finding, Level, fault, fine, warning

__all__ = ["Finding", "Level", "Report", "examined", "fault", "fine", "register", "warning"]


@dataclass(frozen=True)
class Report:
    """What was found, by examination."""

    found: dict[str, list[Finding]]

    @property
    def code(self) -> int:
        levels = {finding.level for findings in self.found.values() for finding in findings}
        return 2 if Level.FAULT in levels else 1 if Level.WARNING in levels else 0

    def plain(self) -> dict[str, list[dict[str, str]]]:
        return {name: [finding.plain() for finding in found] for name, found in self.found.items()}


def register() -> None:
    for name, examine, needs in (
        *site.EXAMINATIONS,
        *postgresql.EXAMINATIONS,
        *record.EXAMINATIONS,
        *parts.EXAMINATIONS,
        *machine.EXAMINATIONS,
    ):
        registry.add_examination(name, examine, needs=needs)


def examined(*, only: Iterable[str] = ()) -> Report:
    """Examine everything, or what ``only`` names. What one examination throws is its finding, and stops no other."""
    wanted, found = set(only), dict[str, list[Finding]]()
    for name, (examine, needs) in registry.examinations().items():
        if wanted and name not in wanted:
            continue
        if any(finding.level in (Level.FAULT, Level.UNKNOWN) for finding in found.get(needs, ())):
            found[name] = [Finding(Level.UNKNOWN, f"it needs {needs}")]
            continue
        try:
            found[name] = list(examine())
        except Exception as error:
            kind = type(error).__name__
            found[name] = [fault(f"couldn't be examined: {kind}", "Mend the faults above, then look again.")]
    return Report(found)
