"""The table behind a chart, as a page and as a file."""

import csv
import io

import pytest

from reviews.metrics.tables import MOST_SHOWN, Rows, Table, as_csv, harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =HYPERLINK()", "＝1", "＋1", "－1", "＠x"],
)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Ana Ruiz", "Mary-Jane", "3 = 3", "", 0, 12])
def test_other_text_and_numbers_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_the_file_holds_what_the_table_does():
    table = Table(
        "members", ("Member", "On time, %", "=x"), [("Zoë “Z” Ångström, MD", 66.666, None), ("=cmd", 3, "a\nb")]
    )
    text = as_csv(table)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [
        ["Member", "On time, %", "'=x"],
        ["Zoë “Z” Ångström, MD", "66.67", ""],
        ["'=cmd", "3", "a\nb"],
    ]


def test_the_page_shows_a_dash_for_what_there_is_not_and_no_needless_decimal():
    table = Table("x", ("a", "b", "c", "d"), [("n", None, 12_345, 3.0), ("m", 0, 0.5, 66.67)])
    assert table.shown == [["n", "–", "12,345", "3"], ["m", "0", "0.5", "66.7"]]


def test_a_page_reckons_and_shows_the_first_rows_and_the_file_has_all():
    reckoned = []
    lines = range(MOST_SHOWN + 50)
    table = Table("x", ("a",), Rows(lines, lambda number: (reckoned.append(number) or f"row {number}",)))
    assert table.is_cut
    assert len(table.shown) == len(reckoned) == MOST_SHOWN
    assert as_csv(table).count("row ") == len(lines)
    assert not Table("x", ("a",), Rows(range(MOST_SHOWN), lambda number: (number,))).is_cut
