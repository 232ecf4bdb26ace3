"""What the house of tests/authorization lacks of kinds of rows, so that each column of text has something in it."""

from articles import drafts
from articles.importing import take_in
from articles.models import AIContribution
from editorial.models import Heartbeat, MailHold, PersonalText
from editorial.verbs import save, work
from reviews import objections
from reviews.models import Objection, ReviewDraft, Signature, SignatureKept, SignatureVoided, WaitingRound
from tests.authorization.house import House
from tests.load.intake_fuzz import PAGE
from tests.story import Story


def furnish(story: Story, house: House) -> None:
    _of_texts(story, house)
    _of_reviews(story, house)
    Heartbeat.objects.get_or_create(name="A worker", defaults={"at": story.now})
    MailHold.objects.get_or_create(pk=1, defaults={"since": story.now, "reason": "A restore."})


def _of_texts(story: Story, house: House) -> None:
    draft, nora = house.articles["draft"], story.people["nora"]
    with work(actor=nora, now=story.tick()):
        save(
            AIContribution(article=draft, tool="Drafter", version="2", use="First draft", prompts="Write."), actor=nora
        )
    drafts.keep(draft, nora, {"title": ["Does coffee matter?"]}, now=story.now)
    assert not take_in(PAGE.encode(), name="page.txt", actor=nora, now=story.tick()).failed
    PersonalText.objects.create(text="A private remark.", written_at=story.now)


def _of_reviews(story: Story, house: House) -> None:
    people = story.people
    objection = Objection.objects.first()
    assert objection is not None
    story.tick()
    values = {"objection": objection, "reason": "I was wrong.", "proof": story.proof("claire")}
    objections.withdraw_objection(objection.article, actor=people["claire"], now=story.now, **values)
    seat = story.seat(story.open_round_of(house.articles["under review"]), "claire")
    ReviewDraft.objects.create(assignment=seat, data={"comment": "Not yet said."}, saved_at=story.now)
    signatures = Signature.objects.filter(review__round__article=house.articles["live"])
    for signature in signatures:
        SignatureKept.objects.create(signature=signature, by=people["ingrid"], reason="It stands.", at=story.now)
    old = Signature.objects.filter(review__round__article=house.articles["retracted"]).first()
    SignatureVoided.objects.create(signature=old, by=people["ingrid"], reason="They asked for it.", at=story.now)
    WaitingRound.objects.create(
        article=house.articles["triaged"],
        submitted_at=house.articles["triaged"].submitted_at,
        place=1,
        listed_at=story.now,
        listed_by=people["tom"],
        problem="Nobody is free.",
    )
