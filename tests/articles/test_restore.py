from articles import snapshots
from articles import workflow as bare
from articles.models import Article, Publication


def test_a_comma_in_an_authors_name_survives_a_discarded_revision(story, people):
    people["nora"].last_name = "Feld, Jr"
    people["nora"].save()
    article = bare.revise(story.published(), actor=people["nora"], now=story.tick(), reason="New trial.")
    bare.discard_revision(article, actor=people["tom"], now=story.tick(), reason="Not worth it.")
    assert snapshots.of(Article.objects.get()).digest == Publication.objects.get().digest
