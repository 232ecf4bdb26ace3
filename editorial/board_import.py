"""A file of board members: read, judged line by line, and taken in whole or not at all."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from editorial import invitations
from editorial.invitees import InviteeForm, Names
from editorial.models import User
from editorial.verbs import record, work

COLUMNS = (
    "first_name",
    "last_name",
    "email",
    "specialty",
    "letters",
    "licence_number",
    "issuer",
    "expires_on",
    "affiliation",
    "time_zone",
    "load_limit",
)
OPTIONAL = ("affiliation", "time_zone", "load_limit")
MOST_BYTES = 1024 * 1024
MOST_LINES = 2000
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Line:
    """Something about one line of the file; line 0 is about the whole file."""

    number: int
    text: str


@dataclass
class Report:
    """What became of a file. With problems nothing was written."""

    dry_run: bool
    problems: list[Line] = field(default_factory=list)
    added: list[Line] = field(default_factory=list)
    known: list[Line] = field(default_factory=list)
    invited: int = 0

    @property
    def headline(self) -> str:
        if self.problems:
            return _("Nothing was taken in: mend these lines and send the file again.")
        counts = {"added": len(self.added), "known": len(self.known), "invited": self.invited}
        if self.dry_run:
            return _("%(added)s would be added, %(known)s are here already, %(invited)s would be invited.") % counts
        return _("%(added)s added, %(known)s were here already, %(invited)s invited.") % counts


class Unreadable(Exception):
    """The file can't be read as a table at all."""


def take_in(data: bytes, *, actor: User, now: datetime, dry_run: bool = False, invite: bool = False) -> Report:
    """Add everybody the file names whose address isn't known. Raises Refused for whoever may not.

    Known addresses are reported and left as they are. Any problem at all, and nothing is written.
    """
    report = Report(dry_run=dry_run)
    with work(actor=actor, now=now) as running:
        if running.actor.kind != User.Kind.SYSTEM:
            invitations.may_invite(running.actor).enforce()
        invitations.door()
        people = _judged(data, report)
        if report.problems:
            report.added, report.known = [], []
            return report
        report.invited = len(people) if invite else 0
        if not dry_run and people:
            names = Names()
            for values in people:
                invitations.enter(names, actor=running.actor, now=running.now, send=invite, **values)
            record("board.imported", "board", added=len(people), known=len(report.known), invited=report.invited)
    return report


def _judged(data: bytes, report: Report) -> list[dict[str, Any]]:
    """The people to add; every problem, and everybody who is here already, is written into the report."""
    known = {email.casefold() for email in User.objects.exclude(email="").values_list("email", flat=True)}
    seen: dict[str, int] = {}
    people = []
    specialty = InviteeForm.base_fields["specialty"].__deepcopy__({})
    try:
        for number, row in _rows(_text(data)):
            form = InviteeForm(row)
            form.fields["specialty"].known = specialty.known
            if not form.is_valid():
                report.problems.extend(_problems(form, number))
                continue
            email = form.cleaned_data["email"].casefold()
            name = f"{form.cleaned_data['first_name']} {form.cleaned_data['last_name']}, {email}"
            if email in seen:
                text = _("The address %(email)s stands on line %(line)s already.")
                report.problems.append(Line(number, text % {"email": email, "line": seen[email]}))
                continue
            seen[email] = number
            if email in known:
                report.known.append(Line(number, name))
            else:
                report.added.append(Line(number, name))
                people.append(form.cleaned_data)
    except Unreadable as problem:
        report.problems.append(Line(problem.args[1] if len(problem.args) > 1 else 0, problem.args[0]))
    if not (seen or report.problems):
        report.problems.append(Line(0, _("The file names nobody: it has a header and no lines under it.")))
    return people


def _problems(form: InviteeForm, number: int) -> Iterator[Line]:
    for name, errors in form.errors.items():
        for error in errors:
            yield Line(number, f"{name}: {error}" if name in COLUMNS else str(error))


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 1 MiB. Split it."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a spreadsheet file. Save it as CSV (UTF-8) and send that."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(_("The file isn't UTF-8. Save it as CSV (UTF-8) and send that."), line) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Unreadable(_("The line holds a NUL character. Save the file as CSV (UTF-8) again."), line)
    if not text.strip():
        raise Unreadable(_("The file is empty."))
    return text


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number and values by column; blank lines are passed over."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    header: list[str] | None = None
    start, count = 1, 0
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells)
                continue
            count += 1
            if count > MOST_LINES:
                raise Unreadable(_("The file has more than %(most)s people. Split it.") % {"most": MOST_LINES}, number)
            if len(cells) != len(header):
                raise Unreadable(
                    _("The line has %(found)s cells, the header has %(wanted)s. Put quotes around a text with a comma.")
                    % {"found": len(cells), "wanted": len(header)},
                    number,
                )
            yield number, dict(zip(header, cells, strict=True))
    except csv.Error as problem:
        raise Unreadable(_("The line can't be read: %(why)s.") % {"why": problem}, start) from None


def _header(cells: list[str]) -> list[str]:
    """The columns in the file's order. Raises Unreadable naming what is missing, unknown or there twice."""
    found = [cell.strip().casefold() for cell in cells]
    missing = [name for name in COLUMNS if name not in found and name not in OPTIONAL]
    unknown = [name for name in found if name not in COLUMNS]
    twice = sorted({name for name in found if found.count(name) > 1})
    said = (
        (missing, _("Missing columns: %(names)s.")),
        (unknown, _("Unknown columns: %(names)s.")),
        (twice, _("Columns that are there twice: %(names)s.")),
    )
    wrong = [sentence % {"names": ", ".join(names)} for names, sentence in said if names]
    if wrong:
        raise Unreadable(" ".join(wrong), 1)
    return found
