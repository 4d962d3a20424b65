"""Names: of a speaker's mention the title and the name, and a name's consonants, which all scripts write."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from contradict.articles.packs import languages, pack

if TYPE_CHECKING:
    from contradict.articles.packs import Pack

LONGEST_NAME = 4  # words
PARTICLES = {
    "al",
    "el",
    "bin",
    "ibn",
    "abu",
    "van",
    "von",
    "de",
    "der",
    "den",
    "di",
    "da",
    "du",
    "la",
    "le",
    "al-",
    "ben",
}
SCRIPTS = (("ar", "\u0600-\u06ff"), ("ru", "\u0400-\u04ff"), ("en", "a-zA-Z\u00c0-\u024f"))
WORD = re.compile(r"[^\W_]+(?:[-’'`.][^\W_]+)*\.?")
# One letter for sounds that scripts do not tell apart; what is left out are vowels, and what stands for none in Latin.
SOUNDS = (
    ("dzh|dj|zh|gh|j", "g"), ("sch|sh|ch|ts|z", "s"), ("kh|ck|q|c", "k"), ("x", "ks"), ("ph|v", "f"), ("th", "t"),
    ("dh", "d"), ("p", "b"),
)  # fmt: skip
SILENT = re.compile(r"[^bdfgklmnrst]")


def parted(mention: str, of: Pack | None = None) -> tuple[str | None, str | None]:
    """Return the title and the name of a speaker; either is None where there is none, or where it cannot be told.

    Parameters
    ----------
    mention
        As the text has it: "Russian foreign minister Sergei Lavrov".
    of
        Its language; by default that of its script (Arabic, Russian, English).

    Examples
    --------
    >>> parted("Russian foreign minister Sergei Lavrov")
    ('Russian foreign minister', 'Sergei Lavrov')
    >>> parted("US officials")
    ('US officials', None)
    >>> parted("Islamic State")
    (None, 'Islamic State')
    """
    language = of or pack(script_of(mention))
    before, comma, after = mention.partition(",")
    if comma and language.pattern("titles").search(after) and not language.pattern("titles").search(before):
        return after.strip(" ,"), before.strip()
    titles = list(language.pattern("titles").finditer(mention))
    if not titles:
        return None, mention
    start = (
        name_without_capitals(mention, language) if language.article else name_with_capitals(mention, titles[-1].end())
    )
    if start is None:
        return mention, None
    return mention[:start].strip(" ,") or None, mention[start:].strip()


def name_with_capitals(mention: str, place: int) -> int | None:
    """Return where a name begins behind a title: the words with capitals at the end, less those of "of Syria"."""
    behind = list(WORD.finditer(mention, place))
    while behind and behind[0][0].islower() and behind[0][0].casefold() not in PARTICLES:
        behind = behind[2:] if behind[0][0] in ("of", "for") else behind[1:]
    fits = all(word[0][0].isupper() or word[0].split("-")[0].casefold() in PARTICLES for word in behind)
    known = [word for word in behind if not (word[0].isupper() and len(word[0]) <= 4 and "." not in word[0])]  # USA
    if not behind or not fits or len(behind) > LONGEST_NAME or known != behind:
        return None
    return behind[0].start()


def name_without_capitals(mention: str, of: Pack) -> int | None:
    """Return where a name begins behind a title and what belongs to it, in a script without capitals.

    A title ends with the last word that has the article, the last of the name aside; a word that heads a body, such as
    "ministry", is in no name.
    """
    words = list(WORD.finditer(mention))
    heads = of.words("titles") | of.words("bodies")
    bound = max(
        (n for n, word in enumerate(words[:-1]) if word[0].startswith(of.article) or word[0].casefold() in heads),
        default=None,
    )
    if bound is None or not words[bound][0].startswith(of.article):  # "military officials": no name behind it
        return None
    name = words[bound + 1 :]
    adjective = len(name) == 1 and name[0][0].startswith(of.article)
    if not name or len(name) > LONGEST_NAME or adjective or name[-1][0].casefold() in heads:
        return None
    return name[0].start()


@cache
def script_of(mention: str) -> str:
    """Return the language whose pack reads names in the script of a mention."""
    counts = {lang: len(re.findall(f"[{letters}]", mention)) for lang, letters in SCRIPTS}
    best = max(counts, key=lambda lang: counts[lang])
    return best if counts[best] and best in languages() else "en"


@cache
def consonants(name: str) -> tuple[str, ...]:
    """Return the consonants of each word of a name, alike in all scripts (romanised by anyascii): Lavrov is lfrf.

    >>> consonants("Sergei Lavrov") == consonants("Сергей Лавров") == consonants("سيرغي لافروف")
    True
    """
    from anyascii import anyascii

    found = []
    for word in WORD.findall(name):
        plain = word.removeprefix("ال") if len(word) > 4 else word
        plain = re.sub(r"^(?:al|el|ad|as|ash|ar|at)-", "", anyascii(plain).casefold())
        for sounds, letter in SOUNDS:
            plain = re.sub(sounds, letter, plain)
        kept = re.sub(r"(.)\1+", r"\1", SILENT.sub("", plain))
        if kept and word.casefold() not in PARTICLES:
            found.append(kept)
    return tuple(found)
