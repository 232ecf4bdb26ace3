"""The words around a bare number that tell a citation from a dose, a stage or a count. Pure."""

import re
from dataclasses import dataclass

from articles.intake.vocabulary import words

_CLASSIFIERS = words(
    """
    age aged allele angiotensin answer antigen appendix apgar apolipoprotein arm aim asa asa-class
    box calcium cannabinoid caspase category channel chapter chromosome class cohort collagen
    component covid criteria criterion cycle cyp dermatome diet domain dose ecog edition endpoint
    equation exhibit experiment factor fig fig. figure finger formula gene gcs gender goal grade
    group hypothesis interferon interleukin isoform item kinase lead level line lumbar meld model
    module month mutation nerve no no. number nnt nnh nr nr. nyha objective omega option outcome
    panel paragraph part pattern peptide period phase ph point position priority protein protocol
    quadrant question quartile quintile receptor ratio region room rule scale scenario schedule
    score section series serotype session sirtuin site stage step stratum strain subtype subunit
    table tables target tertile tier time toe topic trimester trisomy type unit value variant
    version vertebra visit vitamin vol vol. volume wave week year zone day hour minute cluster
    column row rank recommendation statement key criterias hba1c a1c bmi egfr ldl hdl inr nihss phq
    phq-9 gad mmse moca vas fev pd pd-l glp sglt her cox il ifn tnf tgf cd hla hpv hsv hiv sars-cov
    apoe apo cyp2c cyp3a nyha-class bi-rads birads gleason glasgow asa-ps ckd dm t2dm coxsackie
    parainfluenza bcl ras complex photosystem copy figure-of sample specimen volunteer case patient
    subject participant article annex q
    """
)
_QUANTITY = words(
    """
    a about above across added additional after  all almost among an and another any
    approximately around as at average averaged averaging be been before being below beneath beyond
    both by circa   contains cost costs  decade despite down each either
     enrolling equal equals every exactly exceed  exceeding exceeds except extra few
    fewer first following for four from give  gives had has have having his her hers include
     includes including into is its just last lasted lasting lasts  least less like
    many may maximum mean median minimum minus more most my nearly next nor number numbered
    numbering of off on once one only or our out over past per perhaps plus previous range ranged
    ranging rated reach  reaches reaching  receiving   requires
    roughly same scored scores scoring second several six since some  take  takes taking
    than that the their them then these third this those three through  to total totalled
    totalling toward towards  two under until up upon  using versus via vs vs. was were
    when where which  will with within without x another's five seven eight nine ten half n p r
    t january february march april june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec years hours minutes seconds am pm but if   not can
    could should must would might do does did no. nos nos. pp pp. ca ca. q max max. min min.
    """
)
_UNITS = words(
    """
    mg g kg mcg µg μg ug ng ml l dl mmol mol iu units mm cm m km hz khz kcal cal bpm mmhg % percent
    points months weeks days years hours hrs minutes min mins seconds sec times patients women men
    participants people children adults studies trials doses cycles sessions cells copies kda kpa pg
    nmol meq mosm ppm fold
    """
)
_STUDY = words(
    """
    study trial review analysis meta-analysis guideline guidelines survey report paper article
    experiment
    """
)
_DETERMINERS = re.compile(
    r"\b(?:a|an|the|this|that|one|another|each|recent|previous|systematic|randomi[sz]ed|controlled|cohort"
    r"|pilot|"
    r"clinical|large|small|observational|prospective|retrospective|cochrane|scoping"
    r"|narrative|further|more|additional|future|no|any|these|those|our|its)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)
_LETTERED = words(
    """
    hepatitis influenza haemophilia hemophilia group type streptococcus
    """
)
_ON_VERBS = re.compile(
    r"""\s(?:also|and|but|which|who|that|
    (?:further|strongly|clearly|consistently|similarly|likewise|explicitly|therefore|however|specifically|generally)|
    suggest(?:s|ed|ing)?|show(?:s|ed|n|ing)?|found|finds|report(?:s|ed|ing)?|demonstrat(?:es|ed|ing)|
    recommend(?:s|ed|ing)?|indicat(?:es|ed|ing)|conclud(?:es|ed|ing)|support(?:s|ed|ing)?|advis(?:es|ed|ing)|
    stat(?:es|ed|ing)|confirm(?:s|ed|ing)?|reveal(?:s|ed|ing)?|identif(?:ies|ied)|note[sd]?|observed|describe[sd]?|
    highlight(?:s|ed|ing)?|emphasi[sz]e[sd]?|propose[sd]?|cautions?|warns?|endorse[sd]?|evaluated|examined|compared|
    reached|provid(?:es|ed|ing)|offer(?:s|ed)?|reviewed|analy[sz]ed|assessed|investigated|included|concurs?|agrees?|
    argue[sd]?|underscore[sd]?|outline[sd]?|list(?:s|ed)|define[sd]?|consider(?:s|ed)?|establish(?:es|ed)|
    is|are|was|were|has|have|had|may|can|could|should|did|does|do|
    whereas|although|though|while|because|since|however|therefore|yet|despite)(?=[\s,]|$)""",
    re.VERBOSE,
)
_ON_MORE = re.compile(
    r"\s(?:in|for|with|when|compared|including|due|as|by|among|on|if|where|without|to|at|from)\s(?!\d)"
)
_MORE_NUMBERS = re.compile(r"\s?(?:[,;]|and|or|to|&|plus|versus|vs\.?|-|–|±|×)\s*(?:and\s|or\s)?\s*[<>≥≤~]?\d")
_AGE_NEXT = re.compile(r"\s(?:and|or)\s(?:older|over|above|under|younger|below|up|more|less|fewer|later)\b")
_INTERVAL = re.compile(r"(?:\bCI|\bIQR|\brange|\binterval|%|=)[\s,:]*$", re.IGNORECASE)
_ABBREVIATED = re.compile(
    r"(?:^|\s)(?:vol|fig|no|nr|sec|ch|art|pp|eq|ver|approx|e\.g|i\.e|vs|ca|max|min)\.$", re.IGNORECASE
)
_LETTERS_AT_END = re.compile(r"[a-z]{3,}[)”\"’]?[.,;]?$")
_JOURNALS = frozenset(("JAMA", "BMJ", "NEJM", "CMAJ", "PLOS", "PNAS", "BJOG", "JACC", "MMWR", "AJKD"))
"""Acronyms that name a journal: a number behind one is a citation, behind others it isn't."""

_CORE = re.compile(r"[\w%µμ/'’.+-]+")


def is_interval(before: str) -> bool:
    """Whether a bracketed pair after this text is a confidence interval or a range."""
    return _INTERVAL.search(before) is not None


def ends_a_sentence(before: str) -> bool:
    """Whether the full stop or comma that ends this text closes a clause rather than an abbreviation."""
    return _LETTERS_AT_END.search(before) is not None and _ABBREVIATED.search(before) is None


def carries_superscript(before: str) -> bool:
    """Whether a raised number after this text can be a citation: not a power of a unit or a statistic."""
    word = before.rsplit(None, 1)[-1] if before.split() and not before[-1].isspace() else ""
    return _LETTERS_AT_END.search(word) is not None and word.strip("().,;") not in (
        "sec",
        "min",
        "mcg",
        "log",
    )


@dataclass(frozen=True)
class Before:
    """The three words in front of a number, lower-cased but for ``raw``."""

    raw: str
    word: str
    second: str
    third: str
    text: str

    @classmethod
    def of(cls, text: str) -> "Before":
        words = text.split()[-3:]
        padded = ["", "", "", *words][-3:]
        third, second, word = (_core(item) for item in padded)
        return cls(raw=padded[2], word=word, second=second, third=third, text=text)

    def allows_at_clause_end(self, after: str) -> bool:
        """Whether a number that ends a clause after these words is a citation."""
        return not (_MORE_NUMBERS.match(after) or self._names_the_number() or self._counts())

    def allows_mid_sentence(self, after: str, *, several: bool) -> bool:
        """Whether a number with words on both sides is a citation; stricter than at a clause end."""
        if (
            _MORE_NUMBERS.match(after)
            or _AGE_NEXT.match(after)
            or self._names_the_number(strict=True)
            or self._counts()
        ):
            return False
        if self.raw.isupper() and len(self.raw) <= 5 and self.raw not in _JOURNALS and not several:
            return False
        if _ON_VERBS.match(after):
            return True
        return several and _ON_MORE.match(after) is not None

    def _names_the_number(self, *, strict: bool = False) -> bool:
        """``type 2``, ``table 3``, ``COVID 19``: the number belongs to the word before it."""
        if not self.raw or self.raw[-1] in ",:;=<>≤≥±×+~#$€£(/&*-–—≈":
            return True
        if self.raw[-1] == "." and not (self.raw.endswith("al.") or self.raw[:-1].isupper()):
            return True
        if len(self.word) == 1 and self.word.isalpha():
            return self.second not in _LETTERED or self.raw.islower()
        if self.word in _STUDY:
            return (self.raw[0].isupper() and not _titled(self.text)) or not _DETERMINERS.search(
                self.text.rstrip()[: -len(self.raw)]
            )
        if self.word in _TIMES and _is_number(self.second):
            return False
        singular = self.word.removesuffix("s")
        if not strict and singular in _SOFT and (self.second in _PHRASE or self.third in _PHRASE):
            return False
        return self.word in _CLASSIFIERS or (singular in _CLASSIFIERS and not self._plural_people())

    def _plural_people(self) -> bool:
        """``in patients 2.`` is a citation though ``patient 2`` is a person."""
        return self.word in [
            "patients",
            "participants",
            "subjects",
            "volunteers",
            "cases",
            "levels",
            "outcomes",
            "recommendations",
            "values",
            "models",
            "scores",
            "proteins",
            "receptors",
            "endpoints",
            "statements",
            "doses",
            "mutations",
            "variants",
            "goals",
            "targets",
            "genes",
            "protocols",
            "points",
            "strains",
            "subtypes",
            "samples",
            "sites",
            "times",
            "criteria",
            "patterns",
        ]

    def _counts(self) -> bool:
        """``of 2``, ``5 mg 3`` aside: a word that asks for a quantity, or a bare unit."""
        if self.word in _QUANTITY:
            if self.word == "may":
                return True
            return not (self.word in ("years", "hours", "minutes", "seconds") and _is_number(self.second))
        if self.word in _UNITS:
            return not (self.word in _COUNTED or _is_number(self.second) or _is_number(self.raw.rstrip("%")))
        if self.word.replace(".", "").replace(",", "").isdigit():
            return not re.fullmatch(r"(?:19|20)\d\d", self.word)
        return False


_SOFT = words(
    """
    group class level line time dose day week month year age score value outcome domain unit region target lead
    option period case patient subject participant sample model pattern cohort position point panel scale recommendation
    visit cycle volume receptor gene protein nerve goal test diet session question answer arm component series
    """
)
_SPELLED = words("one two three four five six seven eight nine ten twelve")
_PHRASE = words(
    "a an the this that these those each any per same such old older low lower high higher maximum every our their its"
)
_TIMES = words(
    """
    day days week weeks month months year years hour hours minute minutes
    """
)
_COUNTED = words(
    """
    months weeks days points patients women men participants people children adults studies trials
    doses cycles sessions cells copies times
    """
)


def _core(word: str) -> str:
    found = _CORE.search(word)
    return found.group().lower().strip(".'’-") if found else ""


def _is_number(word: str) -> bool:
    return bool(re.fullmatch(r"[\d.,/–-]+", word)) or word in _SPELLED


def _titled(text: str) -> bool:
    words = text.split()[-3:]
    return len(words) > 1 and all(word[:1].isupper() for word in words[:-1])
