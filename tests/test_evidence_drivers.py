"""Which words drive a verdict."""

from contradict.models.bundled import BundledNLI

PAIR = ("The bridge was closed on Monday.", "The bridge was not closed on Monday.")


NEGATED = {  # a pair, and the word that denies
    PAIR: "not",
    ("The strikes hit the camp.", "The strikes did not hit the camp."): "not",
    ("Удары поразили лагерь.", "Удары не поразили лагерь."): "не",
    ("The bridge was destroyed in the night.", "The bridge was not destroyed in the night."): "not",
    ("Four people died in Homs.", "Nobody died in Homs."): "Nobody",
}


def test_every_word_has_a_weight_and_they_are_in_order():
    (found,) = BundledNLI().drivers([PAIR])
    assert len(found) == sum(len(text.split()) for text in PAIR)
    weights = [weight for *_, weight in found]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0


def test_what_denies_is_among_the_two_words_that_tell_most():
    for (pair, negation), found in zip(NEGATED.items(), BundledNLI().drivers([*NEGATED])):
        assert negation in [pair[side][start:end] for side, start, end, _ in found[:2]]


def test_the_pairs_of_a_batch_do_not_change_each_other():
    nli = BundledNLI()
    other = ("В Хомсе погибли 14 человек.", "В Хомсе никто не погиб.")
    for alone, together in zip([*nli.drivers([PAIR]), *nli.drivers([other])], nli.drivers([PAIR, other])):
        assert [word[:3] for word in alone] == [word[:3] for word in together]
