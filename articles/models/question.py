from django.db import models
from django.db.models import F, Q


class QuestionWord(models.Model):
    """A word by which an article's title can be found among all others. Kept by ``articles.questions`` alone."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="question_words")
    word = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["word", "article"], name="one_row_a_word_of_a_title")]

    def __str__(self) -> str:
        return self.word


class LikeQuestion(models.Model):
    """That two titles likely ask the same, found when one of them was saved. ``article`` is the older row."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(help_text="How much of both titles' words they share, by weight.")

    class Meta:
        ordering = ["-percent", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="one_row_a_pair_of_titles"),
            models.CheckConstraint(condition=Q(article__lt=F("other")), name="the_older_title_first"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} like {self.other_id}"
