"""Rendering: sections, GRADE, linked citations, and nothing that could run or style itself."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import rendering
from articles.citations import numbers_of
from articles.rendering import Heading, RenderError, render
from articles.sections import sections_of

VOID = {"br", "hr"}


class Page(HTMLParser):
    """Every element with its attributes, and whether the tags nest."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def html_of(markdown, audience="patient"):
    return render(markdown, audience=audience, numbers=numbers_of(markdown)).html


def test_a_section_is_labelled_by_its_heading_and_shows_its_grade():
    markdown = '## Advice {.guideline certainty=very_low strength=conditional rationale="few <trials>"}\n\nRest.'

    assert html_of(markdown) == (
        '<section class="section section--guideline" aria-labelledby="patient-s1">\n'
        '<h2 id="patient-s1">Advice</h2>\n'
        '<p class="grade">Certainty of evidence: very low · Strength of recommendation: conditional · '
        '<span class="grade__rationale">Rationale: few &lt;trials&gt;</span></p>\n'
        "<p>Rest.</p>\n</section>\n"
    )


def test_a_section_without_grade_shows_no_grade_line():
    assert "grade" not in html_of("## Costs\n\nNone.")


def test_a_citation_links_to_its_reference_and_back():
    rendered = render("It helps [@b]. Again [@a; @b].", audience="clinician", numbers={"b": 1, "a": 2})

    assert rendered.html == (
        '<p>It helps\u202f<sup class="citation"><a href="#clinician-ref-1" id="clinician-cite-1-1"'
        ' aria-label="Reference 1">1</a></sup>. Again\u202f<sup class="citation"><a href="#clinician-ref-2"'
        ' id="clinician-cite-2-1" aria-label="Reference 2">2</a>, <a href="#clinician-ref-1"'
        ' id="clinician-cite-1-2" aria-label="Reference 1">1</a></sup>.</p>\n'
    )
    assert rendered.citations_order == ("b", "a")
    assert rendered.back_links == {1: ("clinician-cite-1-1", "clinician-cite-1-2"), 2: ("clinician-cite-2-1",)}


def test_a_key_without_a_number_is_shown_as_missing():
    rendered = render("It helps[@gone].", audience="patient", numbers={})

    assert rendered.html == '<p>It helps<span class="citation citation--missing">[gone?]</span>.</p>\n'
    assert rendered.citations_order == ("gone",)
    assert rendered.back_links == {}


def test_malformed_markers_stay_as_written():
    assert html_of("x [@] [@a, @b] [4] <i>") == "<p>x [@] [@a, @b] [4] &lt;i&gt;</p>\n"


def test_sections_and_headings_come_in_order_without_markup_in_the_words():
    markdown = "Lead.\n\n## From *the* research [@a]\n\ntext\n\nSecond\n---\n"
    rendered = render(markdown, audience="student", numbers={"a": 1})

    assert rendered.sections == tuple(sections_of(markdown))
    assert rendered.headings == (Heading("student-s1", "From the research"), Heading("student-s2", "Second"))
    assert rendered.html.startswith("<p>Lead.</p>\n<section")


def test_a_first_level_heading_becomes_second_level_and_starts_no_section():
    rendered = render("# One\n\n> ## Quoted", audience="patient", numbers={})

    assert rendered.html == "<h2>One</h2>\n<blockquote>\n<h3>Quoted</h3>\n</blockquote>\n"
    assert rendered.sections == ()


def test_tables_scroll_in_a_named_region_and_align_by_class():
    html = html_of("|a|b|\n|:-:|-|\n|1|2|\n\nx\n\n|c|\n|-|\n|3|")

    assert html.count('<div class="table-scroll" tabindex="0" role="region" aria-label="Table">') == 1
    assert html.count('aria-label="Table 2"') == 1
    assert '<th class="align-center">a</th>' in html
    assert "style" not in html


@pytest.mark.parametrize("address", ["https://x.org/a?b=1&amp;c=2", "http://x.org", "mailto:a@b.org"])
def test_web_and_mail_links_stay(address):
    assert html_of(f"[words]({address})") == f'<p><a href="{address}" rel="noopener">words</a></p>\n'


def test_links_within_the_page_stay():
    assert html_of("[words](#patient-s1)") == '<p><a href="#patient-s1">words</a></p>\n'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/admin/", "ftp://x.org", "data:text/html,x", "//x.org", "x"]
)
def test_other_links_stay_as_written_words(address):
    assert html_of(f"[words]({address})") == f"<p>[words]({address})</p>\n"


@pytest.mark.parametrize(
    "markdown", ["![alt](https://x.org/a.png)", "x ![alt][a]\n\n[a]: https://x.org/a.png", "- ![alt](b)"]
)
def test_an_image_is_refused_with_its_line(markdown):
    with pytest.raises(RenderError) as refused:
        html_of(markdown.replace("(b)", "(https://x.org/b)"))

    assert str(refused.value) == "Line 1: images aren't supported yet; describe “alt” in words instead."


def test_an_image_in_code_or_escaped_is_text():
    assert html_of(r"`![a](https://x.org)` \![b](https://x.org)").count("<img") == 0


def test_a_section_block_that_cannot_be_read_is_refused_with_its_line():
    with pytest.raises(RenderError, match=r"Line 3: “nonsense” isn't a kind"):
        html_of("Lead\n\n## Advice {.nonsense}")


def test_an_unknown_audience_is_refused():
    with pytest.raises(RenderError, match="isn't an audience; choose clinician, patient"):
        render("x", audience='"><script>', numbers={})


@pytest.mark.parametrize("depth", range(1, 60))
@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_nothing_vanishes_however_deep_it_is_nested(mark, depth):
    try:
        html = html_of(mark * depth + "deepest")
    except RenderError as refused:
        assert "nested too deeply" in str(refused)  # noqa: PT017
    else:
        assert "deepest" in html


SNIPPETS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import 'x'</style>",
    "<!--<script>-->",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    "</section></body><script>",
    "{{ secrets }}{% debug %}",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "\x00<script>",
    "javascript&#58;alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "\u202e<script>",
    "{.guideline onclick=alert(1)}",
    'x{rationale="<script>alert(1)</script>"}',
    '[@a"><script>]',
    "[@a](javascript:alert(1))",
]
FRAMES = [
    "{}", "**{}**", "[x]({})", "[{}](https://x.org)", "<{}>", "[x](https://x.org/{})",
    '[x](https://x.org "{}")', "`{}`",
    "```{}\ncode\n```", "    {}", "> {}", "- {}", "|{}|\n|-|\n|{}|", "## {}", "## H {}", "### {}", "[a]: {}\n\n[x][a]",
    "[@{}]", "{}[@a]{}", "1. {}",
]  # fmt: skip
ALLOWED = {
    "section": {"class", "aria-labelledby"}, "h2": {"id"}, "p": {"class"}, "span": {"class"}, "sup": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"}, "th": {"class"}, "td": {"class"}, "ol": {"start"},
    "a": {"href", "id", "aria-label", "rel"},
}  # fmt: skip


def assert_safe(html):
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag in rendering._TAGS
        assert set(attributes) <= ALLOWED.get(tag, set())
        assert re.match(r"https?://[^/]|mailto:|#", attributes.get("href") or "#")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("snippet", SNIPPETS)
@pytest.mark.parametrize("frame", FRAMES)
def test_nothing_active_survives(frame, snippet):
    try:
        html = html_of(frame.replace("{}", snippet))
    except RenderError:
        return
    assert_safe(html)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*SNIPPETS, *"[]()<>*_`#|~!@;\n ", "\n\n", "[@a]", "](", "](https://x.org)", "|-|"]),
        max_size=25,
    )
)
def test_any_mixture_is_safe_and_deterministic_or_refused(parts):
    markdown = "".join(parts)
    try:
        html = html_of(markdown)
    except RenderError:
        return
    assert_safe(html)
    assert html_of(markdown) == html
    assert rendering._clean(html) == html


def test_the_last_cleaning_changes_nothing_that_was_made_here():
    markdown = (
        '## H {.research certainty=low strength=strong rationale="r"}\n\nx & y "z" <b> [@a; @gone] ~~s~~ `c`\n\n'
        "3. x\n\n|a|\n|:-:|\n|b|\n\n```py\nx\n```\n\n[l](https://x.org)\n\n***\n"
    )
    made = render(markdown, audience="general", numbers={"a": 1}).html

    assert rendering._clean(made) == made
    assert [tag for tag, _ in Page(made).elements].count("section") == 1


PIECES = [
    "[a](",
    "*",
    "[@",
    ">",
    "[",
    "`",
    "_*",
    "[@a",
    "[@a; ",
    "- ",
    "#",
    "|",
    "<",
    "&",
    "](",
    "![",
    "~~",
    "1. ",
    "\\",
    "## x\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_large_hostile_text_is_rendered_or_refused_in_words(piece):
    try:
        html = html_of(piece * (40_000 // len(piece)))
    except RenderError as refused:
        html = str(refused)

    assert html
