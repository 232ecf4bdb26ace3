"""What happens to a published page later: versions of each change class, holds, withdrawn signatures."""

from django.test import Client

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article, Publication
from articles.states import CURRENT
from editorial.verbs import save
from reviews import workflow
from reviews.models import ReviewRound, Signature
from tests.story import Story


def read(article: Article, **headers: str):
    return Client().get(f"/articles/{article.slug}/", headers=headers)


def current(article: Article) -> Publication:
    return Publication.objects.get(article=article, status__in=sorted(CURRENT))


def hold(story: Story, article: Article) -> Article:
    story.tick()
    tom, proof = story.people["tom"], story.proof("tom")
    return lifecycle.hold(article, actor=tom, now=story.now, reason="A dose may be wrong.", proof=proof)


def revised(story: Story, article: Article, change_class: str, *, replace: tuple[str, str]) -> Article:
    """A submitted and triaged revision in which one word became another, of this class."""
    nora = story.people["nora"]
    article = bare.revise(Article.objects.get(pk=article.pk), actor=nora, now=story.tick(), reason="A revision.")
    variant = article.variants.get()
    variant.body = variant.body.replace(*replace)
    save(variant, actor=nora)
    article.change_note, article.conclusions_changed = "A slip of the pen.", False
    save(article, actor=nora)
    article = story.triaged(article)
    Article.objects.filter(pk=article.pk).update(change_class=change_class)
    return Article.objects.get(pk=article.pk)


def round_of(story: Story, article: Article, *members: str) -> ReviewRound:
    seats = [story.people[name].board_member for name in members]
    return workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=seats)


def typographic(
    story: Story, article: Article, *, replace=("recommended for most", "recommended  for most")
) -> Article:
    """A typographic version that a second editor has confirmed."""
    article = revised(story, article, "typographic", replace=replace)
    round_of(story, article)
    return story.confirm(article, "lena")


def urgent(story: Story, article: Article) -> Article:
    """A held page mended at short notice: one specialist, and the chief."""
    article = revised(story, hold(story, article), "urgent", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire")
    story.sign(round, "claire")
    return story.confirm(article, "ingrid")


def asked_again(story: Story, article: Article, *members: str) -> ReviewRound:
    seats = [story.people[name].board_member for name in members or ("claire",)]
    article = Article.objects.get(pk=article.pk)
    return workflow.re_review(article, actor=story.people["tom"], now=story.tick(), members=seats)


def void(story: Story, article: Article, signer: str = "claire", *, by: str = "", at=None) -> Article:
    """This person's standing approval of the article, withdrawn by them or by ``by``."""
    if at is None:
        story.tick()
    else:
        story.now = at
    actor, now = story.people[by or signer], story.now
    signature = Signature.objects.filter(round__article=article, signer=story.people[signer]).latest("pk")
    workflow.void_signature(
        article, actor=actor, now=now, signature=signature, reason="I misread it.", proof=story.proof(by or signer)
    )
    return Article.objects.get(pk=article.pk)
