"""What a page carries besides its article: status words, invitations, disclaimers. Pure."""

import re
from collections.abc import Sequence

from articles.intake import pasted_references
from articles.intake.lines import Line
from articles.intake.manuscript import SourceLine

STATUS, PERSONAL, DISCLAIMER, FOLLOW_UP, RELATED, CLAIM, PURPOSE, DATE, PAGE, RULE = (
    "Review status of the source page; here it follows from signatures",
    "Personalise block of the source page",
    "Disclaimer of the source page; the site shows its own",
    "Follow-up invitation of the source page",
    "Links to other pages",
    "A claim of review by a board; here it follows from signatures",
    "“Educational purpose” line of the source page",
    "Date or policy line of the source page",
    "Navigation of the source page",
    "A line without words",
)

_MAX_LINE = 2000
_HEAVY = 60

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (why, re.compile(pattern, re.IGNORECASE))
    for why, pattern in (
        (
            CLAIM,
            (
                r"^(?:(?:our |the )?(?:medical |clinical |scientific |expert )*(?:advisory|review|editorial) "
                r"board\s?[:.•|–-]?\s?"
                r"(?:(?:members?|approved|reviewed|verified|certified)\b.{0,40})?(?:$|(?=all\b))"
                r"|(?:all|every|our|this)\s(?:of our )?(?:articles?|answers?|contents?|information"
                r"|pages?)\b.{0,60}\b(?:reviewed|verified|"
                r"checked|vetted|approved)\b.{0,60}\b(?:board|experts?|physicians?|doctors?|clinicians?"
                r"|editors?|team|professionals?)\b"
                r"|(?:medically |clinically |expert |peer[- ])reviewed(?:\s(?:by|on)\b.{0,80})?$|(?:fact"
                r"|evidence)[- ]checked\b.{0,60}$)"
            ),
        ),
        (
            PURPOSE,
            (
                r"^(?:(?:for )?(?:educational|informational|information|education)(?: and (?:educational"
                r"|informational))? "
                r"(?:purposes?|use) only|exercise caution\b|(?:this )?content is pending|pending (?:human"
                r"|expert|medical|clinical) review)"
            ),
        ),
        (
            STATUS,
            (
                r"^(?:article |content |page |answer )?(?:review|editorial|publication|peer[- ]review) "
                r"status\b.{0,80}$"
                r"|^status:\s?(?:submitted|under review|in review|approved|pending|draft|published)\b.{0,40}$"
                r"|^submitted\W+(?:under|in) review\W+(?:approved|published)$"
            ),
        ),
        (
            DATE,
            (
                r"^(?:(?:last|date|page|first)\s)?(?:updated|reviewed|modified|published|revised|update"
                r"|review)(?: on| at)?\s?:?\s?"
                r"(?=[^.]{0,60}$)(?:[^.]{0,40}(?:\b(?:19|20)\d\d(?!\d)|\bago\b|\btoday\b|\byesterday\b)"
                r"|.{0,20}policy)"
                r"|^(?:view |read |see )?(?:our |the )?editorial (?:policy|process|guidelines|standards)$"
            ),
        ),
        (
            PERSONAL,
            (
                r"^personali[sz]e(?:d)?(?: (?:your|this|my|the) (?:experience|answer|page|content|view"
                r"|results?))?\W*$"
                r"|^(?:help us )?(?:tailor|customi[sz]e|personali[sz]e) (?:your|this|the) (?:experience"
                r"|answer|page|content)\b.{0,60}$"
                r"|^which (?:of these |option )?best describes you\b|^your choice helps\b|^(?:i am|i'm|i’m"
                r"|are you) an?\s?[….:]*$"
                r"|^(?:choose|select|tell us) (?:your|who you are|about your)\b.{0,60}$"
            ),
        ),
        (
            DISCLAIMER,
            (
                r"^(?:(?:important|general|professional|medical|health|legal|clinical|site"
                r"|ai)\s){0,3}disclaimers?\b(?:\s?:.*|\s*)$"
                r"|^(?:this|the|all|our|any|these|content|information|always)\b(?=.{0,200}\b(?:information"
                r"|content|website|site|tool|service|"
                r"answers?|page|material)\b).{0,600}(?:\bnot (?:constitute|a substitute for|intended (?:to|as"
                r"|for)|replace|medical advice)"
                r"|\bno liability\b|no responsibility for|clinical judge?ment and independently verified)"
                r"|^\S{2,40}(?: \S{1,20}){0,3} (?:assumes?|accepts?) no (?:liability|responsibility)\b"
                r"|^(?:this information|this content|the information) (?:is|provided here is) (?:intended "
                r")?for (?:healthcare|health care|"
                r"medical|informational|educational|general|licensed)\b|^always (?:seek"
                r"|consult)\b.{0,120}\b(?:physician|doctor|provider|professional)"
            ),
        ),
        (
            FOLLOW_UP,
            (
                r"^(?:do you )?(?:have|got|still have) (?:a |an |any |more )?(?:other |another |further "
                r")?(?:follow[- ]?up |further |other |more )?"
                r"questions?\b.{0,40}\?$|^ask (?:a|an|any|your|our|another|us) .{0,80}(?:question|anything"
                r"|a\.?i\b|doctor|follow)"
                r"|^our (?:medical |clinical )?(?:a\.?\s?i\.?|artificial intelligence|assistant"
                r"|chatbot)\b.{0,400}$"
                r"|^ask (?:a )?follow[- ]?ups?\b.{0,60}$|^(?:start|try|sign up|log in|join"
                r"|subscribe)\b.{0,60}\b(?:free|now|today|newsletter|account|chat)\b.{0,30}$"
            ),
        ),
        (
            RELATED,
            (
                r"^(?:related|similar|popular|recommended|more)(?: \w+){0,2} (?:questions?|articles?|topics?"
                r"|searches|answers|reading)\s?:?$"
                r"|^people also ask(?:ed)?\s?:?$|^you (?:may|might) also (?:like|be interested in)\b.{0,30}$"
            ),
        ),
        (
            PAGE,
            (
                r"^(?:skip to (?:main )?content|menu|home|search|share(?: this(?: (?:article|page|answer))?)?"
                r"|print(?: this page)?|copy(?: link)?|"
                r"save|bookmark|download(?: as)?(?: pdf)?|cite(?: this(?: (?:article|page))?)?|feedback|log "
                r"?in|sign ?(?:in|up)|subscribe|"
                r"register|back to top|advertisement|sponsored|loading\W*|show (?:more|less)|read more|table "
                r"of contents|contents|on this page|"
                r"\d{1,3} min(?:ute)?s?(?: read)?|reading time:?.{0,20}|(?:was|is) this (?:\w+ )?(?:answer "
                r"|article |page )?helpful\?.{0,20}|"
                r"(?:©|copyright\b).{0,120}|.{0,80}all rights reserved\.?|(?:privacy|cookie) policy.{0,60}"
                r"|terms (?:of (?:use|service)|and conditions).{0,60}|"
                r"(?:we|this site) uses? cookies\b.{0,200})$"
            ),
        ),
    )
)
_STATUS_WORD = re.compile(
    r"^(?:\d[.)]?\s?|[✓✔○●•-]\s?)?(?:submitted|under review|in review|approved|pending(?: (?:human "
    r")?review)?|draft|published|"
    r"changes requested|reviewed|rejected|not (?:yet )?reviewed|complete[d]?)$",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"^(?:i['’]m (?:an? )?|i am (?:an? )?|an? )?(?:patients?|caregivers?|carers?|family members?"
    r"|(?:health ?care|medical) (?:professional|provider|"
    r"student)s?|hcp|doctors?|physicians?|clinicians?|nurses?|pharmacists?|students?|residents?"
    r"|researchers?|scientists?|general public|"
    r"public|layperson|other|none of these|skip|continue|save|next|submit|cancel|close|not now|simple"
    r"|detailed)"
    r"(?:\s?(?:or|/|and|,)\s?(?:an? )?\w+(?: \w+)?){0,2}\W?$",
    re.IGNORECASE,
)
_PERSONAL_MORE = re.compile(
    r"\b(?:tailor|your (?:choice|experience|answer|preferences?)|language that|describes you"
    r"|understandable)\b",
    re.I,
)
_DISCLAIMER_MORE = re.compile(
    r"\b(?:liab\w+|advice|substitute|judge?ment|discretion|emergency|independently verif\w+|verify all"
    r"|warrant\w*|disclaim\w*|"
    r"healthcare professionals?|informational|educational purposes|consult (?:a|your|with)|responsib\w+"
    r"|supplementary to)\b",
    re.IGNORECASE,
)
_FOLLOW_UP_MORE = re.compile(
    r"\b(?:a\.?i\.?(?:\W|$)|instantly|world-class|ask (?:any|a|your|our)|sign up|log ?in|for free"
    r"|guideline-backed|trusted by|used by|follow-?up question|"
    r"your question|type your|send$)",
    re.IGNORECASE,
)


def why_left_out(text: str) -> str:
    """Why a line is page furniture wherever it stands; empty when it isn't."""
    if not any(character.isalnum() for character in text):
        return RULE
    if len(text) > _MAX_LINE:
        return ""
    return next((why for why, pattern in _PATTERNS if pattern.search(text)), "")


def sort_out(lines: Sequence[Line]) -> tuple[list[Line], list[SourceLine]]:
    """Split a page's lines into those of the article and those left out, each with why."""
    kept: list[Line] = []
    left_out: list[SourceLine] = []
    block = ""
    for position, line in enumerate(lines):
        why = "" if line.bullet and any(map(str.isalnum, line.text)) and not block else why_left_out(line.text)
        if not why and kept:
            why = _again(line, kept[0], len(kept)) or _status(lines, position, block, len(kept)) or _more(line, block)
        if why:
            block = why if why != RULE else block
            left_out.append(SourceLine(line.number, line.source, why))
        else:
            block = ""
            kept.append(line)
    return kept, left_out


def _again(line: Line, title: Line, count: int) -> str:
    return "The title again" if count == 1 and line.text == title.text else ""


def _status(lines: Sequence[Line], position: int, block: str, count: int) -> str:
    """A status word counts in a status block, beside another one, or before the article's text."""
    if not _is_status(lines[position]):
        return ""
    beside = [*lines[max(0, position - 1) : position], *lines[position + 1 : position + 2]]
    return STATUS if block == STATUS or count == 1 or any(map(_is_status, beside)) else ""


def _is_status(line: Line) -> bool:
    return len(line.text) < _HEAVY and _STATUS_WORD.match(line.text) is not None


def _more(line: Line, block: str) -> str:
    """Whether a line goes on with the block of furniture above it."""
    text = line.text
    if len(text) > _MAX_LINE or pasted_references.HEADING.match(text):
        return ""
    if block == PERSONAL and (_OPTION.match(text) or (_PERSONAL_MORE.search(text) and not line.bullet)):
        return PERSONAL
    if block == DISCLAIMER and len(text) > _HEAVY and _DISCLAIMER_MORE.search(text):
        return DISCLAIMER
    if block == FOLLOW_UP and _FOLLOW_UP_MORE.search(text):
        return FOLLOW_UP
    return RELATED if block == RELATED and text.endswith("?") else ""
