"""Reads a dossier's folder for check.py. Whatever is missing or damaged is kept as a problem, never raised."""

import hashlib
import json

RECORDS = (
    "publications", "notices", "rounds", "seats", "declarations", "reviews", "signatures", "voided", "kept",
    "objections", "steps", "comments", "personal_texts",
)  # fmt: skip
DAMAGED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError, RecursionError)
"""What damaged data may raise."""


class Dossier:
    """The folder as it was read, and what was found wrong."""

    def __init__(self, folder):
        self.folder, self.problems, self.notes, self.counts = folder, [], [], {}
        self.summary = self.json("dossier.json", {})
        self.rows = {name: self.records(name) for name in RECORDS}
        self.events = self.read_events()
        self.recorded = {}
        for event in self.events:
            for record in (event.get("said") or {}).get("records", ()):
                self.recorded[record["model"], record["pk"]] = (record["sha256"], event)

    def wrong(self, where, what):
        self.problems.append(where + ": " + what)

    def counted(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    def text(self, name):
        """A file's text; None, and a problem, where it can't be read."""
        path = (self.folder / name).resolve()
        try:
            if self.folder not in path.parents:
                raise ValueError("it lies outside this folder")
            with open(str(path), encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, ValueError) as error:
            self.wrong(str(name), "can't be read (" + str(error)[:200] + ")")
            return None

    def json(self, name, otherwise):
        text = self.text(name)
        try:
            value = json.loads(text) if text is not None else otherwise
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, type(otherwise)):
            return value
        self.wrong(name, "isn't the JSON that belongs here")
        return otherwise

    def records(self, name):
        """The rows of one kind by their number, each with its values."""
        rows = {}
        for row in self.json("records/" + name + ".json", []):
            if isinstance(row, dict) and isinstance(row.get("values"), dict) and "pk" in row:
                rows[str(row["pk"])] = row
            else:
                self.wrong("records/" + name + ".json", "a row can't be read")
        return rows

    def read_events(self):
        events = []
        for number, line in enumerate((self.text("events.jsonl") or "").splitlines(), start=1):
            try:
                event = json.loads(line)
                event["said"] = json.loads(event["body"]) if "body" in event else None
                event["sequence"] + 0, event["previous_hash"] + event["hash"]
                (event["said"] or {"records": [], "data": {}})["data"].get("status")
                events.append(event)
            except DAMAGED:
                self.wrong("events.jsonl, line " + str(number), "can't be read")
        return events

    def values(self, name, pk):
        return self.rows[name].get(str(pk), {}).get("values", {})

    def filled(self, value):
        """A row's value with the files that it names read in."""
        if isinstance(value, dict) and set(value) == {"$file"}:
            return self.text(value["$file"])
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        return [self.filled(item) for item in value] if isinstance(value, list) else value

    def is_full(self):
        return self.summary.get("mode") == "full"


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def where(name, pk):
    return "records/" + name + ".json, row " + str(pk)


def version(row):
    return row["values"].get("number")
