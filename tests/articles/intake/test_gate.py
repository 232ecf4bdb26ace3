"""What no format takes in, and the sentence and line that say so."""

import pytest

from articles.intake import IntakeError, gate, read


def refusal(data: bytes | str, name: str = "a.md") -> IntakeError:
    with pytest.raises(IntakeError) as raised:
        read(data.encode() if isinstance(data, str) else data, name=name)
    return raised.value


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.markdown"])
@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"---\n***\n"])
def test_an_empty_file_is_refused(name, data):
    assert refusal(data, name).message.startswith("The file is empty")


def test_a_file_over_one_mebibyte_is_refused_with_its_size():
    assert refusal(b"a" * (gate.MAX_BYTES + 1)).message == (
        "The file has 1,048,577 bytes; intake takes at most 1,048,576 (1 MiB)"
    )


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04xxxx", "a zip archive or a Word document"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
    ],
)
def test_a_binary_file_is_refused_by_what_it_is_whatever_its_name(data, what):
    assert refusal(data, "a.txt").message == (
        f"The file is {what}, not text; save it as Markdown (.md) or plain text (.txt)"
    )


def test_a_nul_byte_makes_a_file_binary():
    assert "binary" in refusal(b"Title\n\nte\x00xt").message


@pytest.mark.parametrize("control", ["\x07", "\x1b", "\x7f", "\x92", "\ufffe"])
def test_a_control_character_is_refused_with_its_line(control):
    error = refusal(f"Title\n\ntext {control}")
    assert (error.line, f"U+{ord(control):04X}" in error.message) == (3, True)


def test_utf_16_is_refused_by_name():
    assert refusal("Title\n\ntext".encode("utf-16")).message.startswith("The file is encoded as UTF-16")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_is_not_utf_8_is_refused_with_its_line(end):
    error = refusal(b"Title" + end + end + b"caf\xe9" + end)
    assert (error.line, "0xE9" in error.message) == (3, True)


def test_a_byte_order_mark_is_no_part_of_the_title():
    assert read(b"\xef\xbb\xbfA title\n\nSome text.\n", name="a.txt").title == "A title"


def test_a_tower_of_accents_is_refused():
    assert refusal("Title\n\ne" + "\u0301" * 31).line == 3


@pytest.mark.parametrize("name", ["a.docx", "a.html", "a.png", "a", "a.md.exe"])
def test_another_format_is_refused_in_words(name):
    assert "save it as Markdown (.md) or plain text (.txt)" in refusal("Title\n\ntext", name).message


def test_front_matter_makes_a_file_markdown_whatever_its_name():
    assert read(b"---\ntitle: T\n---\n\nText.\n", name="notes.txt").title == "T"


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=x",
        "</script>",
        "<iframe src='https://example.org'>",
        "<object data=x>",
        "<embed src=x>",
        "<form action=x>",
        "<svg onload=alert(1)>",
        "<math><mi>x</mi></math>",
        "<b onclick='x()'>bold</b>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JavaScript&#58;alert(1))",
        "[a]( <java\\script:x>)",
        "[a]: vbscript:x",
        "<javascript:alert(1)>",
        "[a](data:text/html;base64,xx)",
        "[a](data&colon;text)",
        "<div>text</div>",
        "<table>",
        "<p>text</p>",
        "<div",
        "<!-- hidden -->",
        "<!DOCTYPE html>",
        "<?php echo 1 ?>",
        "<img src=x>",
    ],
)
def test_active_content_and_raw_html_are_refused_with_their_line(name, text):
    assert refusal(f"Title\n\nA line.\n{text}\n", name).line == 4


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    "text",
    [
        "p<0.05 and a < b > c",
        "A dose <5 mg, or x <y in most",
        "See <https://doi.org/10.1000/abc> for more.",
        "See <doi.org/10.1000/abc> for more.",
        "The data: they are few.",
        "Write &lt;script&gt; as text.",
        "if n<p the test fails",
    ],
)
def test_comparisons_addresses_and_entities_are_no_html(name, text):
    assert len(read(f"# Title\n\n{text}\n".encode(), name=name).variants) == 1


def test_markdown_images_are_refused_for_now():
    error = refusal("# Title\n\nText\n\n![A knee](knee.png)\n")
    assert (error.message, error.line) == (
        "Images aren't supported yet; describe the image in words and remove it",
        5,
    )


def test_an_exclamation_before_a_citation_is_no_image():
    assert read(b"# Title\n\nNever![2] Never![@a]\n", name="a.md").markers[0].numbers == (2,)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_text_over_its_limit_is_refused(name):
    assert "split it into several articles" in refusal("# Title\n\n" + "word " * 45_000, name).message


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_title_over_its_limit_is_refused(name):
    error = refusal("# " + "long " * 100 + "\n\ntext\n", name)
    assert (error.line, "the limit is 300" in error.message) == (1, True)


def test_more_lines_than_an_article_has_are_refused_with_their_number():
    with pytest.raises(IntakeError, match="has 20,001 lines; intake takes at most 20,000"):
        read(b"word\n" * 20_001, name="page.txt")


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_more_citations_than_an_article_has_are_refused_with_their_number(name):
    with pytest.raises(IntakeError, match="cites in 5,001 places; intake takes at most 5,000"):
        read(b"# T\n\n" + b"word [1] " * 5_001, name=name)
