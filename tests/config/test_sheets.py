"""Style sheets are written as small files and sent as one for each kind of page, in the same order."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template

from config import sheets

LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)"( media="print")?>')
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


def linked(kind: str) -> list[tuple[str, str]]:
    return LINK.findall(Template(f'{{% load frame %}}{{% sheets "{kind}" %}}').render(Context()))


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    """As an installation has them."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = [*settings.STATICFILES_FINDERS, "config.sheets.Bundles"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", "--no-input", verbosity=0)
    return tmp_path


@pytest.mark.parametrize("kind", sheets.SHEETS)
def test_where_files_are_served_as_they_lie_each_part_is_linked_in_its_order(kind):
    parts = [(f"{settings.STATIC_URL}css/{name}.css", "") for name in sheets.SHEETS[kind]]
    assert linked(kind) == [*parts, (f"{settings.STATIC_URL}css/print.css", ' media="print"')]


def test_an_installation_sends_one_file_for_each_kind_of_page_and_one_for_paper(collected):
    for kind, names in sheets.SHEETS.items():
        (address, medium), (printed, on_paper) = linked(kind)
        assert (medium, on_paper) == ("", ' media="print"')
        assert re.fullmatch(rf"/static/css/{kind}\.bundle\.[0-9a-f]{{12}}\.css", address)
        assert re.fullmatch(r"/static/css/print\.[0-9a-f]{12}\.css", printed)
        text = (collected / address.removeprefix("/static/")).read_text()
        parts = [Path(finders.find(f"css/{name}.css")).read_text() for name in names]
        assert text == "\n".join(parts)


def test_a_part_that_changed_gets_the_file_another_name(collected, settings, tmp_path_factory, monkeypatch):
    before = staticfiles_storage.url("css/desk.bundle.css")
    monkeypatch.setitem(sheets.SHEETS, "desk", sheets.SHEETS["desk"][:-1])
    settings.STATIC_ROOT = tmp_path_factory.mktemp("again")
    call_command("collectstatic", "--no-input", verbosity=0)
    assert staticfiles_storage.url("css/desk.bundle.css") != before


def test_collecting_again_copies_only_what_is_newer(collected, capsys):
    call_command("collectstatic", "--no-input", verbosity=1)
    assert re.search(r"^0 static files copied", capsys.readouterr().out.strip(), re.MULTILINE)


def test_a_part_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sheets.SHEETS, "plain", ("tokens", "colours"))
    with pytest.raises(FileNotFoundError, match="colours"):
        sheets.together("plain")


def test_no_part_leaves_a_block_open_that_would_swallow_the_next():
    for name in {name for names in sheets.SHEETS.values() for name in names}:
        text = re.sub(
            r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", Path(finders.find(f"css/{name}.css")).read_text(), flags=re.S
        )
        assert text.count("{") == text.count("}"), name
        assert "@import" not in text, name
        assert "@charset" not in text, name
        assert text.rstrip().endswith("}"), name
