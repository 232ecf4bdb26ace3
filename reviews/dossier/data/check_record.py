"""Checks of the record: events, their chain, the seals of rows, and what was opened and given out."""

from check_reading import canonical, digest, version, where

GENESIS = "0" * 64


def check_events(d):
    """Each event's own hash, and that their order grows."""
    last = 0
    for event in d.events:
        row = "events.jsonl, event " + str(event["sequence"])
        if event["sequence"] <= last:
            d.wrong(row, "stands out of order")
        last = event["sequence"]
        d.counted("events")
        if event["said"] is None:
            d.counted("events withheld")
        elif digest(event["previous_hash"] + "\n" + event["body"]) != event["hash"]:
            d.wrong(row, "the body was changed: its hash doesn't match")
        elif event["said"].get("sequence") != event["sequence"]:
            d.wrong(row, "its body says another number")


def check_chain(d):
    """The chain has no gap, each hash follows the one before, and holds every event of this dossier."""
    ours = {event["sequence"]: event for event in d.events}
    expected, before, number = None, None, 0
    for number, line in enumerate((d.text("chain.tsv") or "").splitlines(), start=1):
        row, parts = "chain.tsv, line " + str(number), line.split("\t")
        if len(parts) != 3 or not parts[0].isdigit():
            d.wrong(row, "can't be read")
            continue
        sequence = int(parts[0])
        if expected is not None and sequence != expected:
            d.wrong(row, "event " + str(expected) + " is missing from the chain")
        if before is not None and parts[1] != before:
            d.wrong(row, "event " + str(sequence) + " doesn't follow from the event before it")
        if sequence == 1 and parts[1] != GENESIS:
            d.wrong(row, "the first event doesn't start the chain")
        event = ours.pop(sequence, None)
        if event and (event["previous_hash"], event["hash"]) != (parts[1], parts[2]):
            d.wrong("events.jsonl, event " + str(sequence), "the chain holds another event in its place")
        expected, before = sequence + 1, parts[2]
    for sequence in ours:
        d.wrong("events.jsonl, event " + str(sequence), "the chain doesn't hold it")
    head = d.summary.get("chain", {})
    if (head.get("last"), head.get("hash")) != ((expected or 1) - 1, before):
        d.wrong("chain.tsv", "it doesn't end where dossier.json says")
    d.counted("links of the chain", number)


def check_seals(d):
    """Each recorded row gives the seal in the event that recorded it, and none is missing."""
    for name, rows in d.rows.items():
        for pk, row in rows.items():
            if row.get("sealed"):
                check_seal(d, name, pk, row)
    for (model, pk), (_, event) in d.recorded.items():
        name = d.summary.get("models", {}).get(model)
        if name and pk not in d.rows[name]:
            d.wrong(where(name, pk), "event " + str(event["sequence"]) + " recorded this row, and it is gone")


def check_seal(d, name, pk, row):
    if row.get("withheld"):
        d.counted("rows withheld in part")
        return
    known = d.recorded.get((row["model"], pk))
    if known is None:
        if d.is_full():
            d.wrong(where(name, pk), "no event in this dossier recorded it")
        else:
            d.counted("rows whose event is withheld")
    elif digest(canonical(d.filled(row["values"]))) != known[0]:
        d.wrong(where(name, pk), "isn't what event " + str(known[1]["sequence"]) + " recorded")
    else:
        d.counted("sealed rows")


def check_rounds(d):
    """Each round has the rule and digest that it was opened with; each seat that was given out is here."""
    for event in d.events:
        said = event["said"] or {}
        subject = str(said.get("subject") or event.get("subject"))
        kind = said.get("kind") or event.get("kind")
        pk = subject.partition(":")[2]
        if kind == "round.opened" and said:
            values = d.values("rounds", pk)
            if (values.get("digest"), values.get("rule")) != (said["data"]["digest"], said["data"]["rule"]):
                d.wrong(where("rounds", pk), "its rule or digest isn't the one that it was opened with")
        elif kind == "round.opened" and pk not in d.rows["rounds"]:
            d.wrong(where("rounds", pk), "this round was opened, and it is gone")
        elif kind == "assignment.made" and pk not in d.rows["seats"]:
            d.wrong(where("seats", pk), "this seat was given out, and it is gone")


def check_statuses(d):
    """Each version's status is the one that its last event says."""
    said = {}
    for event in d.events:
        body = event["said"] or {}
        if str(body.get("kind")).startswith("publication.") and body["data"].get("status"):
            said[body["subject"]] = body["data"]["status"]
    for pk, row in d.rows["publications"].items() if d.is_full() else ():
        subject = f"publication:{row['values']['article_id']}/{version(row)}"
        if row.get("also", {}).get("status") != said.get(subject):
            d.wrong(where("publications", pk), "its status isn't the one that the events say")


def check_personal_texts(d):
    """Each personal text is the one that the chain is committed to."""
    for name, column, key in (
        ("reviews", "private_note_id", "private_note"),
        ("declarations", "details_id", "details"),
    ):
        for pk, row in d.rows[name].items():
            if column in row.get("withheld", ()):
                d.counted("personal texts withheld")
            elif row["values"].get(column) is not None:
                check_personal_text(d, row["values"][column], d.recorded.get((row["model"], pk)), key)


def check_personal_text(d, pk, known, key):
    text = d.values("personal_texts", pk)
    if text.get("erased_at"):
        d.counted("personal texts erased")
    elif not text or known is None or digest(text["salt"] + "\n" + text["text"]) != known[1]["said"]["data"].get(key):
        d.wrong(where("personal_texts", pk), "isn't the text that the chain is committed to")
    else:
        d.counted("personal texts")
