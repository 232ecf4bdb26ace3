from articles.models.article import AIContribution, Article, AudienceVariant, IntakeSource
from articles.models.draft import DraftText
from articles.models.public import (
    PublicMember,
    PublicNotice,
    PublicPage,
    PublicPageTopic,
    PublicPolicy,
    PublicTopic,
    ReaderMessage,
    SearchEntry,
)
from articles.models.publication import Notice, Publication
from articles.models.question import LikeQuestion, QuestionWord
from articles.models.reference import Citation, Reference
from articles.models.topic import Topic

__all__ = [
    "AIContribution",
    "Article",
    "AudienceVariant",
    "Citation",
    "DraftText",
    "IntakeSource",
    "LikeQuestion",
    "Notice",
    "PublicMember",
    "PublicNotice",
    "PublicPage",
    "PublicPageTopic",
    "PublicPolicy",
    "PublicTopic",
    "Publication",
    "QuestionWord",
    "ReaderMessage",
    "Reference",
    "SearchEntry",
    "Topic",
]
