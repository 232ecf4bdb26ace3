"""A dossier as it comes out: what it holds, and that its own checker passes it."""

import pytest

from tests.reviews.dossier.folders import exported, passes


@pytest.fixture
def folder(story, tmp_path):
    return exported(story.published(), tmp_path / "dossier", story.tick())


def test_a_published_articles_dossier_passes_its_own_check(folder):
    said = passes(folder)
    assert "Full dossier" in said
    assert "versions with a quorum: 1" in said


def test_a_redacted_dossier_passes_its_own_check(story, tmp_path):
    article = story.published()
    assert "Redacted dossier" in passes(exported(article, tmp_path / "d", story.tick(), redacted=True))
