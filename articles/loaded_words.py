"""Words beside which a comma or a capital can change what a sentence says. English. Pure.

They are compared in lower case. A word too many costs one signature more; one too few could hide a change.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEGATIONS = _listed(
    "no not nor neither none never nothing nobody nowhere without cannot cant dont wont except unless avoid avoids "
    "avoided avoiding absent absence lack lacks lacked lacking fail fails failed failing hardly barely scarcely rarely "
    "seldom few little less minus non against stop stops stopped stopping contraindicated contraindication deny denies "
    "denied free false false-positive false-negative negative instead rather only refuse refuses refused"
)
"""They turn a statement round or narrow it; so does whatever ends in “n't” or begins with “non-”."""

CONDITIONS = _listed(
    "if until till when whenever where while before after because since or either whether than although though but "
    "provided unless except once as"
)
"""A full stop beside the clause that they open decides which half it belongs to."""

NUMBERS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "million millions billion billions dozen half halves third thirds quarter quarters double triple once twice "
    "thrice first second single fold per"
)

UNITS = _listed(
    "g kg mg mcg µg μg ng pg gram grams kilogram kilograms milligram milligrams microgram micrograms nanogram "
    "nanograms l dl cl ml µl μl nl fl litre litres liter liters decilitre deciliter millilitre millilitres milliliter "
    "milliliters m km cm mm µm μm nm metre metres meter meters centimetre centimetres centimeter centimeters "
    "millimetre millimetres millimeter millimeters mol mmol µmol μmol nmol pmol mole moles millimole millimoles eq meq "
    "osm mosm iu u unit units hg mmhg pa kpa hpa bar mbar psi cal kcal kj j w v mv ma hz khz mhz gy mgy cgy sv msv bq "
    "kbq mbq gbq ci mci rad rads ppm ppb percent cent percentage point points degree degrees celsius fahrenheit c f k "
    "s sec secs second seconds ms min mins minute minutes h hr hrs hour hours d day days wk wks week weeks mo month "
    "months y yr yrs year years bpm rpm tablet tablets capsule capsules drop drops puff puffs spoonful spoonfuls "
    "teaspoon teaspoons tablespoon tablespoons tsp tbsp ampoule ampoules vial vials ph sd se ci rr nnt"
)

AMBIGUOUS = _listed(
    "aids august best black bright brown care china crohn down graves gray green grey guinea hill japan jersey lime "
    "lima major march mark mercury minor mobile moro nice polish reading rice rich short star still trace turkey wells "
    "west white will wood woods young pill wales ward rash lane bell head hunter stark sand cross german english "
    "alpha beta gamma delta shock sars cats dash rest hemo"
)
"""Longer words that mean something else with a capital: a disease, a month, a country, a trial."""

SHORT = _listed("an and are but by can for of on our the to you")
"""Words under four letters whose first letter may change: with a capital they mean nothing else."""

ABBREVIATIONS = _listed("vs dr prof approx incl etc cf eg ie al fig ref resp st mr mrs ms e.g i.e u.s u.k")
"""After these a full stop ends no sentence."""


def is_negation(word: str) -> bool:
    lowered = word.lower().replace("’", "'")
    return lowered in NEGATIONS or lowered.endswith("n't") or lowered.startswith("non-")


def is_condition(word: str) -> bool:
    return word.lower() in CONDITIONS


def is_measure(word: str) -> bool:
    """It has a digit or a roman numeral, or names a number or a unit."""
    lowered = word.lower()
    roman = len(word) > 1 and not set(word) - set("IVXLCDM")
    return roman or any(c.isnumeric() for c in word) or lowered in NUMBERS or lowered in UNITS
