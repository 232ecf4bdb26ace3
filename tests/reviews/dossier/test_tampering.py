"""A forger changes one thing and makes the manifest afresh: the checker still names it."""

import hashlib
import json

import pytest

from reviews.states import VerdictKind
from tests.reviews.dossier.folders import exported, fails, manifested, passes


@pytest.fixture
def folder(story, tmp_path):
    round = story.round()
    story.sign(round, "claire", private_note="Between us: I nearly declined.")
    story.sign(round, "ravi", VerdictKind.APPROVE_WITH_SUGGESTIONS, comment="Add the trial of 2021.")
    made = exported(story.confirm(round.article), tmp_path / "dossier", story.tick())
    passes(made)
    return made


def rows(folder, kind: str) -> list:
    return json.loads((folder / "records" / f"{kind}.json").read_text())


def keep(folder, kind: str, changed: list) -> None:
    (folder / "records" / f"{kind}.json").write_text(json.dumps(changed, ensure_ascii=False))


def change(folder, kind: str, **values) -> str:
    """Change the first row's values; gives how the checker names it."""
    changed = rows(folder, kind)
    changed[0]["values"].update(values)
    keep(folder, kind, changed)
    return f"records/{kind}.json, row {changed[0]['pk']}"


def forged(folder) -> str:
    manifested(folder)
    return fails(folder)


def events(folder) -> list:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def keep_events(folder, changed: list) -> None:
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in changed))


def recount(folder, **counts) -> None:
    said = json.loads((folder / "dossier.json").read_text())
    said["counts"].update(counts)
    (folder / "dossier.json").write_text(json.dumps(said))


def test_a_file_that_the_manifest_doesnt_name_as_it_is(folder):
    (folder / "README.txt").write_text("Nothing to see.")
    assert "README.txt: isn't the file that the manifest names" in fails(folder)


def test_a_manifests_entry_that_was_changed(folder):
    manifest = folder / "MANIFEST.sha256"
    manifest.write_text(manifest.read_text().replace("  dossier.json", "  dossier.jsom"))
    said = fails(folder)
    assert "dossier.json: the manifest doesn't name this file" in said
    assert "dossier.jsom: the manifest names this file, and it is missing" in said


def test_a_file_that_was_put_beside_them(folder):
    (folder / "texts" / "more.html").write_text("<p>Read this too.</p>")
    assert "texts/more.html: the manifest doesn't name this file" in fails(folder)


def test_a_character_of_a_text(folder):
    file = next((folder / "texts").glob("*.json"))
    file.write_text(file.read_text().replace("130 mm Hg", "180 mm Hg"))
    assert f"texts/{file.name} doesn't give the digest" in forged(folder)


def test_the_html_that_readers_got(folder):
    file = next((folder / "texts").glob("*.html"))
    file.write_text(file.read_text().replace("130", "180"))
    assert f"texts/{file.name}: isn't the HTML that was signed" in forged(folder)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("signatures", {"shown_name": "Claire Dupont"}),
        ("signatures", {"meaning": "I saw this text."}),
        ("signatures", {"signed_at": "2026-03-02T09:00:00.000000+00:00"}),
        ("reviews", {"verdict": "changes_needed"}),
        ("reviews", {"comment": "I never said so."}),
        ("declarations", {"has_conflict": True}),
        ("publications", {"change_note": "Nothing."}),
    ],
)
def test_a_recorded_rows_value(folder, kind, values):
    row = change(folder, kind, **values)
    assert f"{row}: isn't what event" in forged(folder)


def test_a_rounds_rule(folder):
    rule = rows(folder, "rounds")[0]["values"]["rule"]
    row = change(folder, "rounds", rule={**rule, "approvals": 1})
    assert f"{row}: its rule or digest isn't the one that it was opened with" in forged(folder)


def test_a_versions_status(folder):
    changed = rows(folder, "publications")
    changed[0]["also"]["status"] = "retracted"
    keep(folder, "publications", changed)
    assert "its status isn't the one that the events say" in forged(folder)


@pytest.mark.parametrize("kind", ["signatures", "reviews", "seats", "rounds", "publications"])
def test_a_row_that_was_taken_out(folder, kind):
    kept = rows(folder, kind)
    gone = kept.pop()
    keep(folder, kind, kept)
    recount(folder, **{kind: len(kept)})
    said = forged(folder)
    assert f"records/{kind}.json, row {gone['pk']}" in said
    assert "gone" in said or "opened with" in said


def test_an_event_that_was_taken_out(folder):
    kept = events(folder)
    gone = next(event for event in kept if "review.signed" in event["body"])
    keep_events(folder, [event for event in kept if event is not gone])
    recount(folder, events=len(kept) - 1)
    assert "no event in this dossier recorded it" in forged(folder)


def test_an_events_body(folder):
    changed = events(folder)
    changed[2]["body"] = changed[2]["body"].replace("standard", "low")
    keep_events(folder, changed)
    assert f"event {changed[2]['sequence']}: the body was changed" in forged(folder)


def test_an_event_with_a_hash_of_its_own_breaks_the_chain(folder):
    changed = events(folder)
    event = changed[2]
    event["body"] = event["body"].replace("standard", "low")
    event["hash"] = hashlib.sha256(f"{event['previous_hash']}\n{event['body']}".encode()).hexdigest()
    keep_events(folder, changed)
    assert f"event {event['sequence']}: the chain holds another event in its place" in forged(folder)

    links = (folder / "chain.tsv").read_text().splitlines()
    number, previous, _old = links[event["sequence"] - 1].split("\t")
    links[event["sequence"] - 1] = "\t".join((number, previous, event["hash"]))
    (folder / "chain.tsv").write_text("\n".join(links) + "\n")
    assert f"event {event['sequence'] + 1} doesn't follow from the event before it" in forged(folder)


def test_a_link_that_was_taken_out_of_the_chain(folder):
    links = (folder / "chain.tsv").read_text().splitlines()
    (folder / "chain.tsv").write_text("\n".join(links[:3] + links[4:]) + "\n")
    assert "event 4 is missing from the chain" in forged(folder)


def test_a_chain_that_ends_early(folder):
    links = (folder / "chain.tsv").read_text().splitlines()
    (folder / "chain.tsv").write_text("\n".join(links[:-1]) + "\n")
    assert "chain.tsv: it doesn't end where dossier.json says" in forged(folder)


def test_a_private_note(folder):
    row = change(folder, "personal_texts", text="I was glad to.")
    assert f"{row}: isn't the text that the chain is committed to" in forged(folder)


def test_a_name_in_the_summary(folder):
    for name in ("dossier.json", "index.html"):
        file = folder / name
        file.write_text(file.read_text().replace("Claire Dubois", "Claire Dupont"))
    assert "dossier.json, signature" in forged(folder)


def test_a_name_on_the_page_alone(folder):
    page = folder / "index.html"
    page.write_text(page.read_text().replace("Claire Dubois", "Claire Dupont"))
    assert "isn't shown as dossier.json says" in forged(folder)


def test_a_count_in_the_summary(folder):
    recount(folder, comments=3)
    assert "it counts 3 comments, the records hold 0" in forged(folder)


@pytest.mark.long
def test_every_file_may_be_missing_or_damaged_without_a_traceback(folder):
    shipped = {f"check{part}.py" for part in ("", "_reading", "_record", "_quorum", "_anchors", "_ed25519")}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in shipped):
        whole = path.read_bytes()
        path.unlink()
        assert path.name in fails(folder)
        path.write_bytes(b"[1, {\xff\x00")
        assert path.name in fails(folder)
        if path.suffix in (".json", ".jsonl"):
            for text in ("[1, 2]", '{"counts": 4}', '[{"pk": "1", "values": {}, "model": "x"}]', "null"):
                path.write_text(text + "\n")
                manifested(folder)
                fails(folder)
        path.write_bytes(whole)
        manifested(folder)
    passes(folder)
