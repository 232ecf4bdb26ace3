from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles import likeness, questions
from articles.models import Article, QuestionWord


class Command(BaseCommand):
    help = "Keep every title's words afresh, then compare the titles of what isn't published with all others."

    def handle(self, *args: Any, **options: Any) -> None:
        titles = words = 0
        for article in Article.objects.only("pk", "title", "state").order_by("pk").iterator(chunk_size=1_000):
            found = likeness.words(article.title)
            rows = QuestionWord.objects.filter(article=article)
            if set(rows.values_list("word", flat=True)) != found:
                words += 1
                with transaction.atomic():
                    rows.exclude(word__in=found).delete()
                    fresh = [QuestionWord(article=article, word=word) for word in sorted(found)]
                    QuestionWord.objects.bulk_create(fresh, ignore_conflicts=True)
        asking = Article.objects.kept().filter(state__in=sorted(questions.UNFINISHED))
        for article in asking.only("pk", "title", "state").order_by("pk").iterator(chunk_size=1_000):
            titles += 1
            with transaction.atomic():
                questions.compare_again(article)
        self.stdout.write(f"{words} titles' words were kept afresh; {titles} titles were compared with all others.")
