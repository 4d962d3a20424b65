"""Extraction: from an article to claims, each with the one who makes it."""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contradict import toml
from contradict.articles.dates import day_said, days_in
from contradict.articles.names import parted
from contradict.articles.packs import languages, pack
from contradict.articles.paragraphs import Taken, paragraphs, words
from contradict.articles.speakers import Resolved, resolved
from contradict.articles.statements import read, statements_of
from contradict.articles.wording import FEWEST_WORDS, assertions, checkable, is_claimed, worded
from contradict.claim_fields import checked_date, optional_text
from contradict.claims import Claim
from contradict.errors import ClaimError, ClaimFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contradict.articles.paragraphs import Span
    from contradict.articles.statements import Attributed, Statement

TEXT_SUFFIXES = (".txt", ".md")
HTML_SUFFIXES = (".html", ".htm")
ID_LENGTH = 12  # hex digits
LONGEST_HEADLINE = 16  # words
SENTENCE_ENDS = ".!?…:;。！？؟؛»”“\"'"
WORD = re.compile(r"\w")


def extract(
    text: str | Path | Sequence[str | Path],
    *,
    lang: str | None = None,
    source: str | None = None,
    date: str | datetime.date | None = None,
    aliases: Mapping[str, str] | Path | None = None,
    show_progress_bar: bool = False,
) -> tuple[Claim, ...]:
    """Turn an article into claims that each belong to the one who made them.

    What people are quoted for is theirs: `speaker` is the speaker, `source` the article. What nobody is quoted for is
    the article's own: `speaker` is None. A claim that a speaker rejects is worded as the speaker's position ("It is not
    true that ...").

    Parameters
    ----------
    text
        The article, or the path of a ``.txt``, ``.md`` or ``.html`` file (HTML needs ``trafilatura``); or a list of
        them.
    lang
        Its language; by default detected, paragraph by paragraph.
    source
        Outlet or document; by default the file's name.
    date
        When it was published. With it, days that the text names are resolved ("on Wednesday", اليوم, «в среду»).
    aliases
        Spelling → name of speakers that you know: a dict, or a TOML file of ``"spelling" = "name"``.
    show_progress_bar
        Show progress over a list (on stderr, only if that is a terminal).

    Returns
    -------
    tuple of Claim
        In the order of the text. ``span`` is where the words stand in the article, ``context`` their sentence, ``date``
        when it was said, if it tells ("said on Monday that"), else when it was published. ``meta`` has ``cue``,
        ``kind`` (direct, indirect, mixed, belief; of the article's own words article or headline), ``stance`` (asserts,
        rejects, asks), ``checkable``, ``mention`` (the speaker as written here), ``resolved`` (why the speaker is who
        it is), ``days`` (the days within what is said, as written and by the calendar) and ``article`` (a hash of the
        text: claims of one article have the same).

    Raises
    ------
    ClaimError
        If the text is no str, or holds what no UTF-8 text does.
    OptionError
        If there is no pack for the language that is given.
    ClaimFileError
        If a file cannot be read.

    Examples
    --------
    >>> from contradict import extract
    >>> for claim in extract("The strikes hit a camp. The ministry denied that anyone was killed.", lang="en"):
    ...     print(claim.speaker, "|", claim.text)
    None | The strikes hit a camp.
    The ministry | It is not true that anyone was killed
    """
    if isinstance(aliases, Path):
        aliases = read_aliases(aliases)
    if isinstance(text, (list, tuple)):
        from tqdm import tqdm

        articles = tqdm(text, desc="extracting", disable=None if show_progress_bar else True, leave=False)
        each = (extract(one, lang=lang, source=source, date=date, aliases=aliases) for one in articles)
        return tuple(claim for claims in each for claim in claims)
    if isinstance(text, Path):
        source = source or text.name
        text = read_article(text)
    if not isinstance(text, str):
        message = f"text is {type(text).__name__}; pass the article as str, its file as pathlib.Path, or a list of them"
        raise ClaimError(message)
    if optional_text("text", text) is None:
        return ()
    document = Document(hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH], source, checked_date(date))
    return tuple(claim for part in passages(text, lang, document) for claim in claims_of(text, part, aliases))


def read_aliases(path: Path) -> dict[str, str]:
    """Return the aliases of a TOML file.

    Raises
    ------
    ClaimFileError
        If it cannot be read, or a name is no text.
    """
    try:
        table = toml.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"aliases {str(path)!r} cannot be read: {error}"
        raise ClaimFileError(message) from error
    for spelling, name in table.items():
        if not isinstance(name, str):
            message = (
                f'aliases {str(path)!r}: {spelling!r} is {name!r}, expected a name, as in "Lavrov" = "Sergei Lavrov"'
            )
            raise ClaimFileError(message)
    return table


def read_article(path: Path) -> str:
    """Return the text of a file; of HTML the main text.

    Raises
    ------
    ClaimFileError
        If it cannot be read, or is of another kind.
    """
    suffix = path.suffix.lower()
    if suffix not in TEXT_SUFFIXES + HTML_SUFFIXES:
        message = f"file {str(path)!r} is no article; it should end in {', '.join(TEXT_SUFFIXES + HTML_SUFFIXES)}"
        raise ClaimFileError(message)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"file {str(path)!r} cannot be read: {error}; check the path, and save it as UTF-8"
        raise ClaimFileError(message) from error
    if suffix in HTML_SUFFIXES:
        try:
            import trafilatura
        except ImportError as error:
            message = f"file {str(path)!r} needs trafilatura to be read; run: pip install 'contradict-claims[html]'"
            raise ClaimFileError(message) from error
        text = trafilatura.extract(text, include_comments=False, include_tables=False) or ""
    if not text.strip():
        message = f"file {str(path)!r} has no text; leave it out"
        raise ClaimFileError(message)
    return text


@dataclass(frozen=True)
class Document:
    """What all claims of an article share: the article by its hash, where and when it was published."""

    article: str
    source: str | None
    date: datetime.date | None


@dataclass(frozen=True)
class Passage:
    """A stretch of paragraphs in one language, of a document."""

    start: int
    end: int
    lang: str
    of: Document

    def claim(self, text: str, span: Span, said: datetime.date | None, meta: dict[str, Any], **fields: Any) -> Claim:
        """Return a claim with what the document knows of it, and the days that it names."""
        meta = {**meta, "article": self.of.article}
        reference = said if meta["kind"] == "direct" else self.of.date
        days = days_in(text, pack(self.lang), reference) if reference and self.lang in languages() else {}
        if days:
            meta["days"] = {name: day.isoformat() for name, day in days.items()}
        at = (span[0] + self.start, span[1] + self.start)
        return Claim(text, source=self.of.source, date=said, lang=self.lang, span=at, meta=meta, **fields)


def passages(text: str, lang: str | None, of: Document) -> list[Passage]:
    """Return the stretches of one language; short paragraphs go with their neighbour before."""
    if lang is not None:
        pack(lang)  # an unknown language is refused at the door
        return [Passage(0, len(text), lang, of)]
    found: list[Passage] = []
    for start, end in paragraphs(text):
        here = detected(text[start:end])
        if found and (here == found[-1].lang or words(text, (start, end)) < FEWEST_WORDS):
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Passage(start, end, here, of))
    return found


def detected(paragraph: str) -> str:
    """Return the language of a paragraph (langid: Lui and Baldwin 2012)."""
    import py3langid

    return str(py3langid.classify(paragraph)[0])


def claims_of(text: str, part: Passage, aliases: Mapping[str, str] | None) -> Iterator[Claim]:
    """Yield the claims of one passage, in order."""
    passage = text[part.start : part.end]
    if part.lang not in languages():  # no pack: what is said is not told apart from what is reported
        for start, end in paragraphs(passage):
            yield own_claim(passage, (start, end), part, known=False)
        return
    of = pack(part.lang)
    parts = read(passage, of)
    found = statements_of(parts)
    speakers = resolved(passage, found, of, aliases)
    made = [
        claim_of(passage, one, who, part, subject)
        for statement, who in zip(found, speakers)
        for one, subject in assertions(passage, statement, of)
    ]
    said = Taken()
    for statement in found:
        said.add(statement.content)
    for start, end in sentences_of(parts):
        if not said.touches((start, end)):
            made.append(own_claim(passage, (start, end), part, known=True))
    yield from sorted(made, key=lambda claim: claim.span or (0, 0))


def sentences_of(parts: Iterable[tuple[int, Attributed]]) -> Iterator[Span]:
    """Yield the spans of all sentences, without the spaces around them."""
    for start, paragraph in parts:
        for first, last in paragraph.sentences:
            sentence = paragraph.text[first:last]
            left = len(sentence) - len(sentence.lstrip())
            if WORD.search(sentence):  # a line of marks says nothing
                yield start + first + left, start + first + left + len(sentence.strip())


def own_claim(text: str, span: Span, part: Passage, *, known: bool) -> Claim:
    """Return what nobody is quoted for as the article's own."""
    content = text[slice(*span)]
    meta = {
        "kind": "headline" if is_headline(text, span) else "article",
        "stance": "asserts",
        "checkable": checkable(content),
        "language_pack": known,
    }
    return part.claim(content, span, part.of.date, meta)


def is_headline(text: str, span: Span) -> bool:
    """Say whether a sentence is a title: a short line of its own that does not end as a sentence does."""
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    alone = not text[start : span[0]].strip() and not text[span[1] : end if end >= 0 else None].strip()
    return alone and text[span[1] - 1] not in SENTENCE_ENDS and words(text, span) <= LONGEST_HEADLINE


def claim_of(text: str, of: Statement, who: Resolved, part: Passage, subject: str) -> Claim:
    """Return a statement as a claim of its speaker."""
    language = pack(part.lang)
    content, stance = worded(text, of, who, language, subject)
    whole = (min(span[0] for span in of.content), max(span[1] for span in of.content))
    meta = {
        "cue": None if of.cue is None else text[slice(*of.cue)],
        "kind": of.kind,
        "stance": stance,
        "checkable": is_claimed(text, of, language) and checkable(content),
        "mention": None if of.speaker is None else text[slice(*of.speaker)],
        "resolved": who.why,
    }
    title, name = parted(who.name, language) if who.name else (None, None)
    if title and name:
        meta |= {"title": title, "name": name}
    said = day_said(text, of, language, part.of.date) if part.of.date else None
    return part.claim(content, whole, said, meta, speaker=who.name, context=sentence_around(text, of))


def sentence_around(text: str, of: Statement) -> str:
    """Return the line that a statement stands in, from the cue to the content."""
    spans = [span for span in (*of.content, of.cue, of.speaker) if span]
    start = text.rfind("\n", 0, min(span[0] for span in spans)) + 1
    end = text.find("\n", max(span[1] for span in spans))
    return text[start : len(text) if end < 0 else end].strip()
