"""Code switching: the word list finds what stands beside what, and only so many words are replaced."""

import random

from benchmarks.switched import switched, word_list

SENTENCES = [
    ("the bridge fell", "мост рухнул"),
    ("the bridge stands", "мост стоит"),
    ("the tower fell", "башня рухнула"),
    ("the tower stands", "башня стоит"),
    ("the bridge burned", "мост сгорел"),
]


def test_a_word_list_pairs_words_that_always_stand_together():
    found = word_list(SENTENCES)

    assert found["bridge"][0][0] == "мост"
    assert found["tower"][0][0] == "башня"
    assert "burned" not in found, "seen once only"


def test_a_share_of_the_known_words_is_replaced_and_the_rest_of_the_text_stays():
    lexicon = {"bridge": [("мост", 1.0)], "fell": [("рухнул", 0.9)]}

    whole = switched("The bridge, it fell!", lexicon, 1.0, random.Random(0))
    some = [switched("bridge", lexicon, 0.3, random.Random(seed)) for seed in range(300)]

    assert whole == "The мост, it рухнул!"
    assert switched("The bridge, it fell!", lexicon, 0.0, random.Random(0)) == "The bridge, it fell!"
    assert 60 < some.count("мост") < 120
