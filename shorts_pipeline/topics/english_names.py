"""English names: from a table of known ones, and from capitals where an ordinary word would have none.

The first word of a sentence and every Word of a Title Like This have capitals anyway: there a dictionary decides
(language/lexicon.py), or running text that has the name in the middle of a sentence. What a name is, is told by the
words in it and beside it.
"""

from collections.abc import Iterable, Iterator, Sequence

import regex

from shorts_pipeline.language.known_names import kind_of
from shorts_pipeline.language.lexicon import is_common
from shorts_pipeline.language.stopwords import ENGLISH
from shorts_pipeline.language.tables import listed
from shorts_pipeline.topics.entities import MOST_ENTITIES, Entity, EntityType

_WORD = r"(?:\p{Lu}[\p{L}\p{N}'’&+./-]*[\p{L}\p{N}+]|\p{Lu}\.|\p{Ll}{1,3}\p{Lu}[\p{L}\p{N}]*|\p{Lu}(?=\s\p{Lu}))"
_PHRASE = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}_]){_WORD}"
    rf"(?:\s+(?:of\s+(?:the\s+)?|&\s+|the\s+)?(?:{_WORD}|\d{{1,2}}(?!\d|[.,]\d|[%\p{{L}}–-]))"
    r"|(?<=\p{Ll})\.(?=\p{Lu}))*"
)
_CODE = regex.compile(r"(?<![\w./])[a-z][a-z0-9]*_[a-z0-9_]+\b")
_DISTINCT = regex.compile(r"[a-z]\p{Lu}|\p{Lu}{2}|\p{L}-?\d|\p{L}\+")
_GLUED = regex.compile(
    r"-(?:backed|based|led|owned|class|made|style|linked|run|born|funded|only|like|bound|wide|era|powered|ready)\b.*"
)
_PERSON_TITLES = frozenset(
    listed("""
        mr mrs ms dr prof professor president vice-president ceo cto cfo coo senator sen minister secretary judge
        justice
        governor gov mayor rep representative chairman chairwoman chair king queen prince princess pope sir lady lord
        captain coach general colonel sheriff detective attorney congressman congresswoman chancellor premier ambassador
        actor actress singer rapper director author striker founder co-founder translator
    """)
)
_PERSON_BEFORE = regex.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|[Pp]resident|CEO|[Ss]enator|[Mm]inister|[Ss]ecretary|[Jj]udge|[Gg]ov|[Gg]overnor|[Mm]ayor|"
    r"(?:co-)?founder|chief|executive|chairman|coach|actor|actress|singer|author|director|translator|striker|officer|"
    r"analyst|spokes\w+|attorney|agent|premier|chancellor|named|charged|arrested|by)\.?,?\s*$"
)
_PERSON_AFTER = regex.compile(
    r"^(?:,?\s(?:said|says|told|tweeted|wrote|posted|testified|scored|strikes|dies|resigns|retires|beats|defeats)\b"
    r"|,\s\d{2},|,?\swho\b)"
)
_ORGANISATION = regex.compile(
    r"\b(?:Inc|Corp|Ltd|LLC|PLC|AG|GmbH|Co|Group|Holdings?|Bank|University|College|School|Commission|Committee|Ministry|"
    r"Department|Bureau|Agency|Administration|Authority|Office|Institute|Labs?|Foundation|Association|Society|Council|"
    r"Motors?|Electronics|Technologies|Technology|Systems|Software|Games|Studios?|Pictures|Records|Entertainment|Media|"
    r"Partners|Ventures|Capital|Energy|Health|Pharma\w*|Therapeutics|Airlines?|Airways|Party|Reserve|Union|Guard|"
    r"Service|Force|Police|Court|Parliament|Assembly|Senate|House|Cabinet|Company|Cell|Robotics|Networks?|Security|"
    r"Financial|Insurance|Industries|Motor|Post|Times|Journal|FC|United|City FC|Museum|Church|League|Federation)\.?$"
)
_PLACE = regex.compile(
    r"\b(?:River|Bay|County|City|Heights|Islands?|Valley|Bridge|Airport|Street|Avenue|Road|Park|Beach|Hills?|Mountains?|"
    r"Lake|Falls|Town|Village|Port|Harbou?r|Square|Centre Court|Stadium|Arena|Peninsula|Strait|Sea|Ocean|Gulf|Coast|"
    r"Province|Prefecture|District|Island|Springs|Creek|Forest|Desert|Canyon|Tower|Plaza|Modern|Station|Canal|Highway)$"
)
_PLACE_BEFORE = regex.compile(
    r"\b(?:in|near|off|outside|across|leaving|toward|towards|northern|southern|eastern|western|central|"
    r"(?:north|south|east|west|port|city|town|capital|suburb|coast|state|island|village|port city)\s(?:of\s)?)\s*$",
    regex.IGNORECASE,
)
_ORGANISATION_BEFORE = regex.compile(
    r"\b(?:startup|company|firm|maker|chipmaker|carmaker|automaker|lender|bank|exchange|operator|chain|agency|airline|"
    r"giant|retailer|developer|publisher|platform|regulator|rival|union|studio|brand|group|telco|owned by|"
    r"led by)\s*$",
    regex.IGNORECASE,
)
_ORGANISATION_AFTER = regex.compile(
    r"^(?:['’]s)?\s(?:union|shares|stock|recalls?|releases?|released|launch(?:es|ed)?|unveils?|acquires?|buys|sues|files|"
    r"filed|raises?|raised|reports?|reported|ships?|opens?|open-sources|plans|halts|announces?|announced|hires|cuts|"
    r"workers|employees|pilots|customers|engineers|executives|officials|agents|outage|rival|CEO|chief|earnings|profit|"
    r"revenue|researchers|lays off|debuts|settles|pays|agrees|agreed|approves|bans|fines|orders|loses|first-quarter)\b"
)
_CALENDAR = frozenset(
    listed("""
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december jan feb mar apr jun jul aug sep sept oct nov dec q1 q2 q3 q4 easter
        christmas
        gmt utc est kst pst et am pm
    """)
)
# Capitals that name nobody.
_NO_NAMES = frozenset(
    listed("""
        ai it tv pc ev evs gb mb tb kb hd ip app apps api cpu gpu gpus ram dram ceo cto cfo coo ipo usb led oled vr ar
        xr iot
        ott korean american americans chinese japanese british german french russian indian dutch italian spanish
        canadian
        australian ukrainian israeli iranian european asian african celsius fahrenheit series english ok diy faq til imo
        psa ama eli5 magnitude category level vat gdp cpi esg etf pdf llm llms sdk ui ux os sql html css http json mr ms
        internet earth dna covid covid-19 hiv half-time exclusive breaking update watch live republican republicans
        prime acting former deputy forecasters democrat democrats memorial christian muslim jewish gunners olympic
        olympics greek swiss swedish turkish
    """)
)


def english_entities(title: str, body: Iterable[str]) -> list[Entity]:
    """Named things of an English title and the sentences under it, in order of appearance."""
    sentences = [title, *body]
    running = " ".join(each for each in sentences if not _shouts(each))
    found: dict[str, Entity] = {}
    for sentence in sentences:
        shouting = _shouts(sentence)
        for match in _PHRASE.finditer(sentence):
            before, after = sentence[: match.start()], sentence[match.end() :]
            for name, person in _names(match.group(), _opens(before), shouting, running):
                if name in found or name.casefold() in (each.casefold() for each in found):
                    continue
                found[name] = Entity(name, "person" if person else _type(name, before, after))
        for match in _CODE.finditer(sentence):
            found.setdefault(match.group(), Entity(match.group(), "name"))
    return _without_parts(list(found.values()))[:MOST_ENTITIES]


def _names(phrase: str, opening: bool, shouting: bool, running: str) -> Iterator[tuple[str, bool]]:
    """The names of a run of capitalised words, each with whether a title says that it is a person."""
    words = [word for raw in phrase.split() if (word := _trimmed(raw))]
    titled = next((i for i in range(len(words) - 1, -1, -1) if words[i].casefold() in _PERSON_TITLES), None)
    if titled is not None:
        yield from _names(" ".join(words[:titled]), opening, shouting, running)
        words, opening = words[titled + 1 :], False
        if words and not all(is_common(word) for word in words):
            yield " ".join(words), True
        return
    while words and _is_frame(words, first=opening):
        words, opening = words[1:], False
    while words and words[0] in {"of", "the", "&"}:
        words = words[1:]
    while words and words[-1].casefold() in {"of", "the", "&"}:
        words = words[:-1]
    for part in _apart(words, shouting, running):
        name = " ".join(part)
        if _is_no_name(name):
            continue
        if len(part) == 1 and (opening or shouting) and not _stands_alone(name, running):
            continue
        yield _as_written(name), False
        opening = False


def _apart(words: Sequence[str], shouting: bool, running: str) -> Iterator[list[str]]:
    """A run of words as names: whole where that is one, else its known names and the rest."""
    whole = " ".join(words)
    if not words:
        return
    one_thing = _ORGANISATION.search(whole) or (_PLACE.search(whole) and len(words) > 1)
    believed = not shouting or _inside(whole, running) or not all(map(is_common, words))
    if kind_of(whole) or (one_thing and believed):
        yield list(words)
        return
    if shouting and not _inside(whole, running):
        yield from _uncommon(words)
        return
    if len(words) > 1 and all(kind_of(word) for word in words):
        yield from ([word] for word in words)
        return
    yield list(words)


def _uncommon(words: Sequence[str]) -> Iterator[list[str]]:
    """In a Title of Capitals: the longest known names, and the runs of words that no dictionary has."""
    run: list[str] = []
    index = 0
    while index < len(words):
        length = _known_length(words[index : index + 4])
        if run and length == 1 and kind_of(words[index]) == "person":
            run.append(words[index])  # a known family name behind a given one
        elif length:
            if run:
                yield run
                run = []
            yield list(words[index : index + length])
        elif not is_common(words[index].strip(".")) and words[index][0].isupper():
            run.append(words[index])
        elif run and words[index].isdigit():
            yield [*run, words[index]]
            run = []
        elif run:
            yield run
            run = []
        index += length or 1
    if run:
        yield run


def _known_length(words: Sequence[str]) -> int:
    """How many of the words are one known name, the most first; 0 where none is."""
    return next((length for length in range(len(words), 0, -1) if kind_of(" ".join(words[:length]))), 0)


def _stands_alone(name: str, running: str) -> bool:
    """Whether a single capitalised word is a name by itself."""
    return kind_of(name) is not None or not is_common(name) or bool(_DISTINCT.search(name)) or _inside(name, running)


def _type(name: str, before: str, after: str) -> EntityType:
    kind = kind_of(name)
    if kind in {"person", "organisation", "place"}:
        return "person" if kind == "person" else "place" if kind == "place" else "organisation"
    words = name.split()
    if _PLACE.search(name) and (len(words) > 1 or _PLACE_BEFORE.search(before)):
        return "place"
    if _ORGANISATION.search(name):
        return "organisation"
    if regex.search(r"\d", name):
        return "organisation" if _ORGANISATION_AFTER.search(after) and len(words) == 1 else "name"
    if _ORGANISATION_BEFORE.search(before):
        return "organisation"
    if "of" in words or "&" in words:
        return "organisation" if _ORGANISATION.search(words[0]) else "name"
    if 2 <= len(words) <= 3 and _looks_like_a_person(words, before, after):
        return "person"
    if _PERSON_BEFORE.search(before) and not name.isupper():
        return "person"
    if regex.fullmatch(r"\p{Lu}{2,6}", name):
        return "organisation"
    if _PLACE_BEFORE.search(before) or (regex.match(r"^,\s(?:\p{Lu}\p{Ll}+)", after) and _PLACE_BEFORE.search(before)):
        return "place"
    if _PERSON_AFTER.search(after):
        return (
            "person"
            if regex.match(r"^,?\s(?:strikes|scored|beats|defeats|dies)", after) or len(words) > 1
            else "organisation"
        )
    return "organisation" if _ORGANISATION_AFTER.search(after) else "name"


def _looks_like_a_person(words: Sequence[str], before: str, after: str) -> bool:
    """Two or three words of which no dictionary has the last, no acronym among them."""
    if any(_DISTINCT.search(word) and "-" not in word for word in words) or is_common(words[-1]):
        return bool(_PERSON_BEFORE.search(before) or _PERSON_AFTER.search(after))
    return (not _PLACE_BEFORE.search(before) and not is_common(words[0])) or bool(_PERSON_BEFORE.search(before))


def _without_parts(entities: Sequence[Entity]) -> list[Entity]:
    """A family name takes the full name's type and gives way to it; so does any other end of a longer name."""
    kept = []
    for each in entities:
        longer = [other for other in entities if other.name != each.name and each.name in other.name.split()]
        if len(each.name.split()) == 1 and any(other.type == "person" for other in longer):
            continue
        kept.append(each)
    return kept


def _trimmed(word: str) -> str:
    word = regex.sub(r"['’]s?$", "", _GLUED.sub("", word))
    return word if regex.fullmatch(r"(?:\p{Lu}\.)+", word) else word.rstrip(".,'’-/")


def _as_written(name: str) -> str:
    """A known place in the capitals of a dateline, as it is written elsewhere."""
    return name.title() if name.isupper() and len(name) > 4 and kind_of(name) == "place" else name


def _is_frame(words: Sequence[str], *, first: bool) -> bool:
    """Whether the first word only stands in front of a name ("New York" is one as a whole)."""
    word, folded = words[0], words[0].casefold()
    if any(kind_of(" ".join(words[:length])) for length in (2, 3) if len(words) >= length):
        return False
    if folded in _CALENDAR or folded in _NO_NAMES or folded in {"the", "a", "an"}:
        return True
    if folded in ENGLISH and not (word.isupper() and len(word) > 1):
        return True
    return first and folded.endswith("ing") and is_common(word)


def _is_no_name(name: str) -> bool:
    folded = name.casefold().strip(".")
    if len(name) < 2 or folded in _CALENDAR or folded in _NO_NAMES or name.isdigit():
        return True
    return folded in ENGLISH and not kind_of(name)


def _opens(before: str) -> bool:
    """Whether nothing but marks, or a colon or quotation mark, stands in front."""
    return not before.strip(" \"'“‘(") or regex.search(r"[:“\"—]\s*$", before) is not None


def _inside(name: str, running: str) -> bool:
    """Whether the running text has the name where a common word would have no capital."""
    return regex.search(rf"(?<=[\p{{Ll}}\d,;]\s){regex.escape(name)}\b", running) is not None


def _shouts(sentence: str) -> bool:
    """Every Word of a Title Is Capitalised, so that capitals say nothing."""
    if sentence.endswith("."):
        return False
    words = [word for word in sentence.split() if word[:1].isalpha() and len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) / len(words) > 0.7
