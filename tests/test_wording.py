"""What is said is worded so that it stands alone, and is the speaker's own position."""

import pytest

import contradict
from contradict.articles.packs import languages, pack


def texts(text, lang, **options):
    return [claim.text for claim in contradict.extract(text, lang=lang, **options)]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "ar",
            "قالت الوزارة إن الطائرات أغارت على مخيم ودمرت مخازن كبيرة، ولم تصب المدنيين.",
            ["الطائرات أغارت على مخيم", "الطائرات دمرت مخازن كبيرة", "الطائرات لم تصب المدنيين"],
        ),
        # a new subject behind the second verb, or one of another gender: not cut
        ("ar", "قالت الوزارة إن الطائرات أغارت على مخيم وسقطت قذائف قرب السوق.", 1),
        ("ar", "قال الوزير إن الجنود دخلوا البلدة ودمرت قذيفة جسرا قريبا.", 1),
        ("ar", "قالت الوزارة إن الطائرات التي أغارت على المخيم عادت إلى القاعدة.", 1),
        (
            "en",
            "The army said that its jets hit the camp and destroyed two depots, but did not hit the town.",
            [f"The army's jets {verb}" for verb in ("hit the camp", "destroyed two depots", "did not hit the town")],
        ),
        ("en", "The army said that the camp was hit and destroyed by its jets.", 1),
        ("en", "The army said that the jets hit the camp and the depots.", 1),
        ("en", "The army said that rockets, which hit the camp, were old and rusty.", 1),
        (
            "ru",
            "Министр заявил, что авиация атаковала лагерь и уничтожила два склада.",
            ["авиация атаковала лагерь", "авиация уничтожила два склада"],
        ),
        ("ru", "Министр заявил, что авиация атаковала лагерь, и погибли двое рабочих.", 1),
        ("ru", "Министр заявил, что авиация атаковала лагерь и склад у реки.", 1),
    ],
)
def test_a_second_verb_of_one_subject_is_a_claim_of_its_own(lang, text, expected):
    found = texts(text, lang)
    if isinstance(expected, int):
        assert len(found) == expected
        assert found[0].rstrip(".") in text
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The mayor denied that he was not warned.", "The mayor was warned"),
        ("en", "The army denied that nobody was warned.", "It is not true that nobody was warned"),
        ("en", "The army rejected claims that the strikes did not hit the camp.", "the strikes did hit the camp"),
        (
            "en",
            "The army rejected the charge that its jets hit a school.",
            "It is not true that the army's jets hit a school",
        ),
        ("en", "The army rejected the plan of the mayor.", "The army rejected the plan of the mayor"),
        (
            "en",
            'The minister said: "Reports that a school was hit are completely false."',
            "It is not true that a school was hit",
        ),
        ("ru", "Министр отверг обвинения в том, что школа пострадала.", "Неправда, что школа пострадала"),
        ("ru", "Министр отверг обвинения в том, что лагерь не пострадал.", "лагерь пострадал"),
        (
            "ru",
            "Министр сказал: «Сообщения о том, что школа пострадала, не соответствуют действительности».",
            "Неправда, что школа пострадала",
        ),
        ("ar", "رفض الوزير الاتهامات بأن المدرسة تضررت أمس.", "ليس صحيحا: المدرسة تضررت أمس"),
        ("ar", "رفض الوزير الاتهامات بعدم حماية المدرسة من القصف.", "صحيح: حماية المدرسة من القصف"),
        (
            "ar",
            "قال الوزير: «الشائعات التي تقول إن المدرسة تضررت بلا أساس».",
            "الشائعات التي تقول إن المدرسة تضررت بلا أساس",
        ),
        ("ar", "قال الوزير: «الشائعات بأن المدرسة لم تكن هدفا بلا أساس».", "المدرسة كانت هدفا"),
    ],
)
def test_what_is_rejected_becomes_the_speakers_position(lang, text, expected):
    (claim,) = contradict.extract(text, lang=lang)
    assert claim.text == expected
    assert (claim.meta["stance"] == "rejects") == (claim.text not in text or "rejected" in expected)


@pytest.mark.parametrize("lang", sorted({"en", "ru", "ar"}))
def test_patterns_of_a_deep_pack_are_there(lang):
    for name in ("verb", "same_subject", "baseless", "charge", "negation", "future"):
        assert pack(lang).expression(name).search("") is None
        assert pack(lang).expression(name).pattern != "(?!)"


@pytest.mark.parametrize("lang", languages())
def test_a_claim_without_a_denial_is_not_affirmed(lang):
    assert pack(lang).affirmed("X") is None


STORY = (
    "Four people were killed at the port on Friday. "
    "The ministry said that nobody was killed at the port on Friday. "
    "The mayor said that four people were killed at the port on Friday."
)


def test_an_article_is_not_compared_with_whom_it_quotes():
    story, other = (
        contradict.extract(STORY, lang="en", source="a"),
        contradict.extract(STORY + " ", lang="en", source="b"),
    )

    def pairs(claims, **options):
        report = contradict.compare(claims, min_similarity=-1, **options)
        assert sum((report.counts.pairs_excluded, report.counts.pairs_judged)) == report.counts.pairs_possible
        return {frozenset((one.a.asserter, one.b.asserter)) for one in report.judged}

    assert pairs(story) == {frozenset(("The ministry", "The mayor"))}
    assert frozenset(("a", "The ministry")) in pairs(story, same_article=True)
    # the words of another article are
    assert frozenset(("a", "The ministry")) in pairs([story[0], *other[1:]])
