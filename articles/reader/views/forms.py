"""What readers can send: that something is wrong on a page, and a question for the editors."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _

from articles.models import PublicPage, ReaderMessage
from articles.models.public import KEPT_DAYS
from articles.reader import addresses, answers, receiving, shell, tokens
from articles.reader.receiving import Letter, MessageForm, Refusal
from editorial import clock

READABLE = ("live", "retracted", "retired")


@dataclass(frozen=True)
class Asked:
    """A form as it is shown: its template, what it is about, and the page that thanks."""

    template: str
    title: str
    label: str
    help_text: str
    letter: Letter
    article: dict[str, Any]
    thanks: str


@answers.writing
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """That something on a page is wrong. Of what readers don't have, the one 404."""
    article = _article(slug)
    if article is None:
        return answers.not_found(request)
    asked = Asked(
        template="report.html",
        title=_("Report an error"),
        label=_("What is wrong?"),
        help_text=_("Copy the words that are wrong, and say what is right if you know it."),
        letter=Letter("report", ReaderMessage.Kind.ERROR, slug, article["number"]),
        article=article,
        thanks=f"/articles/{slug}/report/sent/",
    )
    return _answer(request, asked)


@answers.writing
def ask(request: HttpRequest) -> HttpResponse:
    """A question for the editors. Until its button is pressed nothing is stored."""
    article = _article(addresses.slug_in(request.GET.get("from", "")))
    slug = article["slug"] if article else ""
    asked = Asked(
        template="ask_send.html",
        title=_("Send a question to the editors"),
        label=_("Your question"),
        help_text=_("One question that others may have too. We can't advise you on your own case."),
        letter=Letter("ask", ReaderMessage.Kind.QUESTION, slug, article["number"] if article else None),
        article=article or {},
        thanks=f"/ask/send/sent/{f'?from={quote(slug)}' if slug else ''}",
    )
    return _answer(request, asked)


@answers.reading
def reported(request: HttpRequest, slug: str) -> HttpResponse:
    article = _article(slug)
    return answers.not_found(request) if article is None else _thanks(_("Your report was sent"), article)


@answers.reading
def asked(request: HttpRequest) -> HttpResponse:
    article = _article(addresses.slug_in(request.GET.get("from", "")))
    return _thanks(_("Your question was sent"), article or {})


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    if request.method != "POST":
        form = _form(asked, initial={"text": receiving.shown(request.GET.get("q", ""))})
        return _page(asked, form, None)
    fields = receiving.posted(request)
    if isinstance(fields, Refusal):
        return _page(asked, _form(asked), fields)
    form = _form(asked, receiving.readable(fields))
    refusal = receiving.take(request, fields, form, asked.letter)
    if refusal is not None:
        return _page(asked, form, refusal, token=fields.get("token", "") if refusal.keeps_token else "")
    response = HttpResponse(status=303)
    response["Location"] = asked.thanks
    return _uncached(response)


def _form(asked: Asked, data: dict[str, str] | None = None, **values: Any) -> MessageForm:
    return MessageForm(data, label=asked.label, help_text=asked.help_text, **values)


def _page(asked: Asked, form: MessageForm, refusal: Refusal | None, *, token: str = "") -> HttpResponse:
    letter = asked.letter
    context = {
        "title": asked.title,
        "form": form,
        "article": asked.article,
        "refusal": refusal.words if refusal else "",
        "refused": refusal is not None,
        "token": token or tokens.make(letter.form, letter.slug, now=clock.now()),
        "trap": receiving.TRAP,
        "kept_days": KEPT_DAYS,
    }
    title = _("Not sent: %(title)s") % {"title": asked.title} if refusal else asked.title
    main = render_to_string(f"articles/reader/{asked.template}", context)
    return _document(main, title, status=refusal.status if refusal else 200)


def _thanks(title: str, article: dict[str, Any]) -> HttpResponse:
    context = {"title": title, "article": article, "kept_days": KEPT_DAYS}
    return _document(render_to_string("articles/reader/sent.html", context), title, status=200)


def _document(main: str, title: str, *, status: int) -> HttpResponse:
    head = f'<link rel="stylesheet" href="{static("css/forms.css")}">'
    return _uncached(HttpResponse(shell.document(main, title=title, head=head, index=False), status=status))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _article(slug: str) -> dict[str, Any] | None:
    if not slug:
        return None
    rows = PublicPage.objects.filter(slug=slug, is_current=True, status__in=READABLE)
    return rows.values("slug", "title", "number", "status").first()
