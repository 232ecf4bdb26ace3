"""The policy's checklist and its answers. Pure: the form and the verb ask the same functions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reviews.states import APPROVING

ANSWERS = {"yes": "Yes", "no": "No", "not_applicable": "Doesn't apply"}


def items_of(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items that a round asks, by its snapshot of the policy; none in rounds older than the checklist."""
    return list(rule.get("checklist", ()))


def unknown(items: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> str:
    """What in ``answers`` no form offers, in words; empty when all is known."""
    codes = {item["code"] for item in items}
    for code, answer in answers.items():
        if code not in codes:
            return f"This round's checklist has no item “{str(code)[:50]}”."
        if answer not in ANSWERS:
            return f"“{str(answer)[:50]}” is no answer to “{code}”: choose yes, no or not_applicable."
    return ""


def against(
    items: Sequence[Mapping[str, Any]], answers: Mapping[str, str], *, verdict: str
) -> Iterator[tuple[str, str]]:
    """What keeps these answers from going with ``verdict``: pairs of an item's code and a sentence.

    Approval needs an answer to each critical item, and none of them “no”. Other verdicts need none.
    """
    if verdict not in APPROVING:
        return
    for item in items:
        if not item["critical"]:
            continue
        answer = answers.get(item["code"], "")
        if not answer:
            yield item["code"], "Answer this one before you approve: it is critical."
        elif answer == "no":
            yield item["code"], "“No” here can't go with approval. Ask for changes or object, and say why."
