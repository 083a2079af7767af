"""Choose: which of a story's sentences to tell, so that they carry it within the time there is.

Score each sentence (how early, how much of the headline and keywords, a figure), take the best that fit, never one
that says again what is told already, never one that leans on a sentence left out. Order stays the source's.
"""

from collections.abc import Callable, Sequence

from shorts_pipeline.language import speaking_seconds, tokens
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.facts import numbers
from shorts_pipeline.scripts.source_text import Sentence, tellable

# Shared share of the shorter sentence's words from which two sentences say the same, without and with a new figure.
SAME, SAME_WITH_FIGURE = 0.65, 0.8
# Over the budget by this much is still better than a sentence less.
OVER = 1.08
ENOUGH = 0.92
LONG_SECONDS = 12.0


def material(story: Story) -> list[Sentence]:
    """Every sentence of the story that can be told: each telling in turn, the summary where no article is there."""
    texts = [text for text in story.texts if text.strip()] or [story.summary]
    return [sentence for number, text in enumerate(texts) for sentence in tellable(text, story.language, number)]


def choose(
    told: Sequence[Sentence],
    story: Story,
    budget: float,
    *,
    wanted: Callable[[str], bool],
    heard: Sequence[Sentence] = (),
    rate: float = 1.0,
) -> list[Sentence]:
    """The sentences to tell within `budget` seconds, in the order to tell them; at least one.

    `wanted` says no to a sentence that must not be told; if it says so of all, they are told all the same. `heard` has
    been told before: it is not told again, and what leans on it may follow.
    """
    waits = [sentence for sentence in told if sentence not in heard] or list(told)
    allowed = [sentence for sentence in waits if wanted(sentence.text)] or waits
    words = {each: frozenset(tokens(each.text, story.language)) for each in (*allowed, *heard)}
    about = frozenset(tokens(" ".join((story.title, *story.keywords)), story.language))
    worth = {sentence: _worth(sentence, words[sentence], about, story.language) for sentence in allowed}
    lead = _first(allowed, heard, words)
    chosen, spent = [*heard, lead], speaking_seconds(lead.text, story.language, rate)
    waiting = sorted((s for s in allowed if s is not lead), key=lambda s: (-worth[s], s.telling, s.position))
    while spent < budget * ENOUGH:
        room = budget * OVER - spent
        taken = next((s for s in waiting if _fits(s, chosen, words, room, story.language, rate)), None)
        if taken is None:
            break
        waiting.remove(taken)
        chosen.append(taken)
        spent += speaking_seconds(taken.text, story.language, rate)
    return sorted(chosen[len(heard) :], key=lambda s: (s.telling, s.position))


def _first(allowed: Sequence[Sentence], heard: Sequence[Sentence], words: dict[Sentence, frozenset[str]]) -> Sentence:
    """What is told first: something new that stands alone, or goes on from what has been heard."""
    able = [each for each in allowed if not each.leaning or _follows(each, heard)]
    new = (each for each in able if all(overlap(words[each], words[other]) < SAME for other in heard))
    return next(new, next(iter(able), allowed[0]))


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of the shorter one's words that the other has, too; 0 where one has none."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _worth(sentence: Sentence, words: frozenset[str], about: frozenset[str], language: str) -> float:
    early = 1.0 / (1.0 + 0.3 * sentence.position) * (1.0 if sentence.telling == 0 else 0.5)
    telling = len(words & about) / max(len(about), 1)
    figure = 0.15 if numbers(sentence.text) else 0.0
    hard = 0.15 if speaking_seconds(sentence.text, language) > LONG_SECONDS else 0.0
    quoted = 0.2 if sentence.text[:1] in "\"“‘'" else 0.0
    asking = 0.2 if sentence.text.endswith("?") else 0.0
    return early + telling + figure - hard - quoted - asking


def _fits(
    sentence: Sentence,
    chosen: Sequence[Sentence],
    words: dict[Sentence, frozenset[str]],
    room: float,
    language: str,
    rate: float,
) -> bool:
    if speaking_seconds(sentence.text, language, rate) > room:
        return False
    if sentence.leaning and not _follows(sentence, chosen):
        return False
    new_figure = numbers(sentence.text) - {number for other in chosen for number in numbers(other.text)}
    limit = SAME_WITH_FIGURE if new_figure else SAME
    return all(overlap(words[sentence], words[other]) < limit for other in chosen)


def _follows(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether the sentence just before it is told, so that "he" and "this" have somebody to mean."""
    return any(other.telling == sentence.telling and other.position == sentence.position - 1 for other in chosen)
