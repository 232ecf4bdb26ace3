"""Checks of what was signed: signatures, what readers were shown of them, and the quorum judged again."""

from datetime import datetime, timedelta

from check_reading import version, where

APPROVING = ("approve", "approve_with_suggestions")
SEATED = ("invited", "accepted", "completed")
ENDING = ("withdrawn", "confirmed")
GRACE = timedelta(days=14)


def check_signatures(d):
    """Each signature is over the text of its round and of its review."""
    for pk, row in d.rows["signatures"].items():
        values, row_name = row["values"], where("signatures", pk)
        if values["round_id"] is not None and values["digest"] != d.values("rounds", values["round_id"]).get("digest"):
            d.wrong(row_name, "isn't over the text of its round")
        if values["review_id"] is not None:
            review = d.values("reviews", values["review_id"])
            if (values["digest"], values["signed_at"]) != (review.get("digest"), review.get("signed_at")):
                d.wrong(row_name, "doesn't fit its review")
        d.counted("signatures")
    for pk, row in d.rows["reviews"].items():
        if signature_of(d, row["values"], pk) is None:
            d.wrong(where("reviews", pk), "nobody's signature stands under it")


def signature_of(d, review, pk):
    """The signature under a review, or under the one that it was carried over from."""
    wanted = str(review.get("carried_from_id") or pk)
    found = [row for row in d.rows["signatures"].values() if str(row["values"].get("review_id")) == wanted]
    return found[0] if found else None


def check_evidence(d):
    """What readers were shown beside each version is what the signatures say."""
    for row in d.rows["publications"].values():
        for shown in row["values"].get("evidence", {}).get("signatures", ()):
            said = d.values("signatures", shown["id"])
            ours = [said.get(n) for n in ("shown_name", "shown_credentials", "meaning", "digest")]
            theirs = [shown[n] for n in ("name", "credentials", "meaning", "digest")]
            if ours != theirs or not same_instant(said.get("signed_at"), shown["signed_at"]):
                d.wrong(where("signatures", shown["id"]), "isn't as version " + str(version(row)) + " showed it")
        approved = approved_round(d, row)
        if approved and approved["values"]["rule"] != row["values"].get("policy", approved["values"]["rule"]):
            d.wrong(where("rounds", approved["pk"]), f"its rule isn't the one that version {version(row)} keeps")


def same_instant(a, b):
    return bool(a) and datetime.fromisoformat(a) == datetime.fromisoformat(b)


def approved_round(d, publication):
    """The approved round over a version's text by which it was published."""
    values = publication.get("values", {})
    for row in d.rows["rounds"].values():
        found = row["values"]
        same = (found["digest"], found["number"]) == (values["digest"], values["evidence"]["round"])
        if same and found["outcome"] == "approved":
            return row
    return None


def check_quorums(d):
    """The quorum of every version, judged again from the rule, the seats and the signatures."""
    by_number = {version(row): row for row in d.rows["publications"].values()}
    for number, row in sorted(by_number.items()):
        values = row["values"]
        carried = values.get("basis") == "carried"
        judged = by_number.get(values.get("reviewed_version")) if carried else row
        missing = lacking(d, row) if judged is row else [*lacking(d, row), *lacking(d, judged)]
        if carried:
            said = f"version {number} differs in typography alone from version {values.get('reviewed_version')}"
            d.notes.append(said + ", whose review it carries: see differences/")
        if not missing:
            d.counted("versions with a quorum")
        elif row.get("also", {}).get("status") == "live" and not lost_lately(d):
            d.wrong("version " + str(number), "is live without a standing quorum: " + "; ".join(missing))
        else:
            d.notes.append(f"version {number} has no standing quorum today: " + "; ".join(missing))


def lost_lately(d):
    """A signature was voided less than 14 days before this dossier was made."""
    made = datetime.fromisoformat(d.summary["made_at"])
    return any(made - datetime.fromisoformat(row["values"]["at"]) < GRACE for row in d.rows["voided"].values())


def lacking(d, publication):
    """What the round that approved this version lacks today."""
    round = approved_round(d, publication) if publication else None
    if round is None:
        return ["an approved round over its text"]
    rule, latest = round["values"]["rule"], latest_reviews(d, round)
    approvers = [fields for _, verdict, fields in latest if verdict in APPROVING]
    missing = []
    if len(approvers) < rule["approvals"]:
        missing.append(f"{len(approvers)} of {rule['approvals']} approvals")
    missing += ["an approver in " + name for name in unmatched(rule["specialties"], approvers)]
    signed = {member for member, _, _ in latest}
    seats = [s["values"] for s in d.rows["seats"].values() if str(s["values"]["round_id"]) == str(round["pk"])]
    if any(s["seat"] == "required" and s["state"] in SEATED and s["member_id"] not in signed for s in seats):
        missing.append("the verdict of a required seat")
    opposed = any(verdict == "changes_needed" for _, verdict, _ in latest)
    if opposed and rule["changes_needed_blocks"]:
        missing.append("a reviewer who needs changes")
    if open_objections(d, round["values"]["number"]):
        missing.append("the end of a safety objection")
    suggests = any(verdict == "approve_with_suggestions" for _, verdict, _ in latest)
    chief = rule.get("chief_confirms", False)
    if (rule["editor_confirms"] or chief or suggests or opposed) and not confirmed(d, round, chief):
        missing.append("the editor's confirmation")
    return missing


def latest_reviews(d, round):
    """Of each member the last review over the round's text, if its signature stands: member, verdict, fields."""
    last = {}
    for pk, row in sorted(d.rows["reviews"].items(), key=lambda item: int(item[0])):
        values = row["values"]
        signature = signature_of(d, values, pk) if str(values["round_id"]) == str(round["pk"]) else None
        if signature and signature["values"]["digest"] == round["values"]["digest"]:
            fields = {held["specialty"] for held in signature["values"]["standing"]["credentials"]}
            last[values["member_id"]] = (values["member_id"], values["verdict"], fields, stands(d, signature))
    return [review[:3] for review in last.values() if review[3]]


def stands(d, signature):
    return all(str(row["values"]["signature_id"]) != str(signature["pk"]) for row in d.rows["voided"].values())


def open_objections(d, number):
    ended = {str(s["values"]["objection_id"]) for s in d.rows["steps"].values() if s["values"]["kind"] in ENDING}
    return [pk for pk, row in d.rows["objections"].items() if row["also"]["round"] <= number and pk not in ended]


def confirmed(d, round, chief):
    for row in d.rows["signatures"].values():
        values = row["values"]
        mine = str(values["round_id"]) == str(round["pk"]) and values["review_id"] is None
        confirms = mine and values["standing"].get("act") == "confirm" and stands(d, row)
        if confirms and ("chief editor" in values["standing"]["roles"] or not chief):
            return True
    return False


def unmatched(wanted, people):
    """Each wanted specialty needs a person of its own; gives those that find none."""
    holder = {}

    def place(want, tried):
        for person, fields in enumerate(people):
            if wanted[want] in fields and person not in tried:
                tried.add(person)
                if person not in holder or place(holder[person], tried):
                    holder[person] = want
                    return True
        return False

    return [wanted[want] for want in range(len(wanted)) if not place(want, set())]
