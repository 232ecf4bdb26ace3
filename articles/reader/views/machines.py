"""What machines ask of the public site."""

from django.http import HttpRequest, HttpResponse

from articles.reader import answers


@answers.reading
def robots(request: HttpRequest) -> HttpResponse:
    text = "User-agent: *\nDisallow: /admin/\nDisallow: /accounts/\nDisallow: /act/\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
