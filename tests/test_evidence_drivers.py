"""Which words drive a verdict."""

from contradict.models.bundled import BundledNLI

PAIR = ("The bridge was closed on Monday.", "The bridge was not closed on Monday.")


def test_every_word_has_a_weight_and_leaving_out_the_negation_tells_most():
    (found,) = BundledNLI().drivers([PAIR])
    assert len(found) == sum(len(text.split()) for text in PAIR)
    assert [weight for *_, weight in found] == sorted((weight for *_, weight in found), reverse=True)
    side, start, end, weight = found[0]
    assert PAIR[side][start:end] == "not"
    assert weight > 0


def test_the_pairs_of_a_batch_do_not_change_each_other():
    nli = BundledNLI()
    other = ("В Хомсе погибли 14 человек.", "В Хомсе никто не погиб.")
    for alone, together in zip([*nli.drivers([PAIR]), *nli.drivers([other])], nli.drivers([PAIR, other])):
        assert [word[:3] for word in alone] == [word[:3] for word in together]
