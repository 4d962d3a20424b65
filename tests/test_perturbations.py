"""Perturbations: what each rule makes of a claim, what it leaves alone, and the laws that hold for all of them."""

import doctest
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contradict.perturbations
from contradict import Claim
from contradict.errors import OptionError
from contradict.lexicon import languages, lexicon
from contradict.perturbations import RULES, Perturbation, perturb

LANGUAGES = [
    "ar",
    "bg",
    "de",
    "el",
    "en",
    "es",
    "fa",
    "fr",
    "hi",
    "id",
    "it",
    "ja",
    "ko",
    "pl",
    "pt",
    "ru",
    "sw",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
CLAIMS = {
    "ar": "أعلنت وزارة الدفاع الروسية أن 14 شخصا قتلوا في حلب يوم الاثنين",
    "de": "Am Montag starben mindestens vierzehn Menschen in Aleppo, sagte die syrische Regierung.",
    "en": "The Russian defence ministry said on Monday that 14 people were killed near the old hospital in Aleppo.",
    "es": "El lunes el gobierno sirio abrió tres hospitales nuevos en Alepo.",
    "fa": "روز دوشنبه سه سرباز در شمال تهران کشته شد",
    "fr": "Lundi, trois soldats russes ont été tués en Syrie.",
    "ja": "二人の男性がロンドンで赤い自転車に乗っています。",
    "ru": "В понедельник российские войска вошли в Сирию и убили 14 человек.",
    "uk": "У понеділок російські війська увійшли в Харків, загинули 14 людей.",
    "zh": "三名医生星期一在北京的厨房里喝咖啡。",
}


def made(text, rule, lang="en", seeds=5):
    """All that a rule makes of a text with a few seeds."""
    return {pair for seed in range(seeds) for pair in perturb(text, lang=lang, rules=[rule], seed=seed, per_claim=None)}


def hypotheses(text, rule, lang="en", seeds=5):
    return {pair.hypothesis for pair in made(text, rule, lang, seeds)}


def premises(text, rule, lang="en", seeds=5):
    return {pair.premise for pair in made(text, rule, lang, seeds)}


# What the rules make


@pytest.mark.parametrize(
    ("rule", "label", "text", "pattern"),
    [
        ("number", "contradiction", "The blast killed 14 people.", r"The blast killed (?!14 )\d+ people\."),
        ("number", "contradiction", "Two dogs sleep.", r"(?!Two)[A-Z][a-z]+ dogs sleep\.|\d+ dogs sleep\."),
        ("number", "contradiction", "It costs $1,500,000 a year.", r"It costs \$(?!1,500,000)[\d,]+ a year\."),
        ("ordinal", "contradiction", "He won the third race.", r"He won the (?!third)\w+ race\."),
        ("date", "contradiction", "They met on Monday.", r"They met on (?!Monday)\w+day\."),
        ("date", "contradiction", "They met in 1999.", r"They met in 19[789]\d\."),
        ("place", "contradiction", "They met in Cairo.", r"They met in (?!Cairo)[\w ]+\."),
        ("nationality", "contradiction", "A Greek boat sank.", r"(?!A Greek)An? [A-Z]\w+ boat sank\."),
        ("actor", "contradiction", "The convoy of NATO stopped.", r"The convoy of (?!NATO)[\w ]+ stopped\."),
        ("cohyponym", "contradiction", "A man plays the violin.", r"A man plays the (?!violin)[\w ]+\."),
        ("antonym", "contradiction", "The price increased.", r"The price (decreased|reduced)\."),
        ("negation", "contradiction", "The road is open.", r"The road is not open\."),
        ("negation", "contradiction", "The road is not open.", r"The road is open\."),
        ("negation", "contradiction", "The road isn't open.", r"The road is open\."),
        ("negation", "contradiction", "They reached the town.", r"They did not reach the town\."),
        ("quantifier", "contradiction", "Everyone left.", r"No one left\."),
        ("number_outside", "contradiction", "We saw 50 tanks.", r"We saw [a-z ]+\d+ tanks\."),
        ("synonym", "entailment", "He bought an automobile.", r"He (bought a car|purchased an automobile)\."),
        ("digits_words", "entailment", "We saw 4 tanks.", r"We saw four tanks\."),
        ("number_format", "entailment", "It has 5,000,000 readers.", r"It has 5000000 readers\."),
        ("hypernym", "entailment", "They met in Aleppo.", r"They met in Syria\."),
        ("number_within", "entailment", "We saw 50 tanks.", r"We saw [a-z ]+\d+ tanks\."),
        ("drop_modifier", "entailment", "An old man fell.", r"A man fell\."),
        ("add_detail", "neutral", "The man fell.", r"The man fell \w.*\."),
    ],
)
def test_what_a_rule_makes(rule, label, text, pattern):
    pairs = made(text, rule)
    assert pairs
    for pair in pairs:
        assert (pair.premise, pair.label, pair.rule, pair.lang) == (text, label, rule, "en")
        assert re.fullmatch(pattern, pair.hypothesis), pair.hypothesis


@pytest.mark.parametrize(
    ("rule", "label", "text", "pattern"),
    [
        ("hyponym", "neutral", "They met in Aleppo.", r"They met in Syria\."),
        ("number_beyond", "neutral", "We saw 50 tanks.", r"We saw [a-z ]+\d+ tanks\."),
        ("add_modifier", "neutral", "An old man fell.", r"A man fell\."),
        ("drop_detail", "entailment", "The man fell.", r"The man fell \w.*\."),
        ("denial", "contradiction", "The man fell.", r"[A-Z].* [Tt]he man fell\."),
        ("rumour", "neutral", "The man fell.", r"[A-Z].* [Tt]he man fell\."),
        ("confirmation", "entailment", "The man fell.", r"[A-Z].* [Tt]he man fell\."),
    ],
)
def test_rules_that_change_the_premise_keep_the_claim_as_the_hypothesis(rule, label, text, pattern):
    pairs = made(text, rule)
    assert pairs
    for pair in pairs:
        assert (pair.hypothesis, pair.label) == (text, label)
        assert re.fullmatch(pattern, pair.premise), pair.premise


def test_a_bound_is_labelled_by_arithmetic():
    for pair in made("We saw 50 tanks.", "number_within") | made("We saw 50 tanks.", "number_outside"):
        bound = int(re.search(r"\d+", pair.hypothesis)[0])
        above = re.search(r"at least|(?<!no )more than|over|no fewer", pair.hypothesis)
        assert (pair.label == "entailment") == ((bound < 50) if above else (bound > 50)), pair.hypothesis


def test_behind_a_negation_a_swap_says_nothing():
    pairs = made("The man is not in Cairo.", "negated_swap")
    assert {pair.label for pair in pairs} == {"neutral"}
    assert not made("The man is not in Cairo.", "place")


def test_two_days_make_room_for_two_events():
    for pair in made("The army killed 14 men.", "other_day"):
        assert pair.label == "neutral"
        assert pair.premise.split(",")[0] != pair.hypothesis.split(",")[0]


# What the rules leave alone


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("number", "At least 14 people died."),  # 20 would be true as well
        ("number", "Call 555-0147 or +1 202 555."),
        ("number", "The Boeing 777 landed."),
        ("number", "They met on 14 May."),
        ("number", "It was 10:30."),
        ("number", "In 1999 they met."),
        ("place", "The Berlin Wall fell."),
        ("place", "She moved from Paris to Rome."),  # swap one and both may be true
        ("cohyponym", "If the car is red, he buys it."),
        ("antonym", "Did the price increase?"),
        ("hypernym", "Not one dog barked."),
        ("hypernym", "Every dog barked."),
        ("drop_modifier", "Few old men fell."),
        ("negation", "The man who is tall left."),
        ("cohyponym", "They live in the White House."),
        ("cohyponym", "Dogs are loyal."),
        ("place", "Inflation fell in Egypt."),  # and may have fallen in Jordan
        ("date", "Prices fell in May."),
        ("date", "The town had a population of 900 in 1990."),
        ("date", "They worked there after 1950."),  # and so after 1940
        ("place", "Egypt is hot."),
        ("nationality", "He likes Greek food."),  # and perhaps Turkish food as well
        ("actor", "The White House is slow."),
        ("actor", "Boeing 747 planes landed."),
        ("ordinal", "The first season had eight episodes."),
        ("ordinal", "She met the First Lady and the first lady."),
        ("number", "4) Four is asked."),
        ("negation", "He has not seen any boats."),  # "He has seen any boats" is no English
        ("hypernym", "Children cry."),  # of all children, which does not say that people do
        ("hyponym", "A woman calls her son."),  # "A person calls her son" is of a woman
        ("drop_modifier", "A man eats a hot dog."),
        ("synonym", "It lasted a while."),
        ("negated_swap", "It has not rained for years."),  # nor then for hours
        ("negated_swap", "A few men ride a bike."),
        ("other_day", "In 1971 the army killed 14 men."),
    ],
)
def test_what_a_rule_leaves_alone(rule, text):
    assert not made(text, rule, seeds=20)


@pytest.mark.parametrize(
    ("lang", "rule", "text"),
    [
        ("ar", "place", "تراجع التضخم في مصر"),  # inflation fell in Egypt, and may have in Jordan
        ("ar", "place", "سفينة تعبر قناة السويس"),  # the Suez Canal
        ("ar", "number", "استمرت الجهود قبل 11 سبتمبر"),  # a day that all know
        ("ar", "number", "النفط عند أدنى مستوى منذ 5 أشهر"),  # the lowest in five months is the lowest in three
        ("ar", "negated_swap", "غير أن وزارة الدفاع الروسية أعلنت ذلك"),  # "yet" has the letters of a negation
        ("ar", "synonym", "فاز أحمد سعيد"),  # a name, not "happy"
        ("de", "number", "Wir feiern unsere 85. Saison."),
        ("de", "antonym", "Er dankte für das Geschenk."),
        ("ru", "number", "Книга превышает 500 страниц."),  # more than 500 pages are more than 60
        ("ru", "date", "Мы говорим об охране окружающей среды."),  # "environment", not "Wednesday"
        ("ru", "actor", "Иван является писателем."),
        ("ru", "antonym", "Он провёл ночь в другом отеле."),  # "another", not "a friend"
    ],
)
def test_what_a_rule_leaves_alone_in_other_languages(lang, rule, text):
    assert not made(text, rule, lang, seeds=20)


def test_a_negation_reaches_as_far_as_it_goes():
    assert made("The man does not ride a bike.", "negated_swap")
    assert made("A man without sandals sleeps.", "negated_swap", seeds=20)  # what stands right behind "without"
    assert all("bike" in text for text in hypotheses("A man without a shirt rides a bike.", "negated_swap", seeds=20))
    assert not made("He did not come because the bike broke.", "negated_swap", seeds=20)


@pytest.mark.parametrize(
    ("narrow", "wide"), [("He phoned.", "He called."), ("They moved.", None), ("It was postponed.", "It was delayed.")]
)
def test_a_word_gives_way_to_one_that_says_no_more(narrow, wide):
    assert hypotheses(narrow, "synonym", seeds=20) == ({wide} if wide else set())
    assert not hypotheses(wide or narrow, "synonym", seeds=20)


def test_russian_forms_and_marks():
    assert hypotheses("На сельских дорогах пусто.", "antonym", "ru", seeds=20) == {"На городских дорогах пусто."}
    assert hypotheses("Тогда погибли 15000 человек.", "number_format", "ru") == {"Тогда погибли 15\u00a0000 человек."}


def test_synonyms_are_no_opposites():
    for text in ("The gray cat fell.", "He fought for ISIS."):
        swapped = hypotheses(text, "cohyponym", seeds=40) | hypotheses(text, "actor", seeds=40)
        assert swapped
        assert not {"The grey cat fell.", "He fought for Islamic State."} & swapped


def test_the_article_agrees():
    assert "She saw an elephant." in hypotheses("She saw a tiger.", "cohyponym", seeds=80)
    assert hypotheses("She saw an elephant.", "hypernym") == {"She saw an animal."}


# Other languages


@pytest.mark.parametrize(
    ("lang", "rule", "text", "expected"),
    [
        ("ar", "antonym", "ارتفعت أسعار النفط", "انخفضت أسعار النفط"),
        ("ar", "negation", "لن يستقيل الوزير", "سيستقيل الوزير"),
        ("ar", "hypernym", "قتل ثلاثة جنود في حلب", "قتل ثلاثة جنود في سوريا"),
        ("de", "antonym", "Der alte Mann fiel.", "Der junge Mann fiel."),
        ("fr", "antonym", "La porte est ouverte.", "La porte est fermée."),
        ("ko", "hypernym", "그는 서울에서 잤다.", "그는 한국에서 잤다."),
        ("ru", "antonym", "Войска вошли в город.", "Войска вышли в город."),
        ("ru", "negation", "Он убил врага.", "Он не убил врага."),
        ("ru", "digits_words", "Погибли пять солдат.", "Погибли 5 солдат."),
        ("uk", "hypernym", "Вони зустрілися у Харкові.", "Вони зустрілися в Україні."),
        ("zh", "synonym", "他是医生。", "他是大夫。"),
    ],
)
def test_other_languages(lang, rule, text, expected):
    assert expected in hypotheses(text, rule, lang, seeds=20)


def test_russian_places_keep_their_case():
    for text in hypotheses("Войска вошли в Сирию.", "place", "ru", seeds=30):
        assert re.fullmatch(r"Войска вошли в \w+(ию|у)\.", text), text


def test_arabic_prefixes_stay():
    for text in hypotheses("وصل الوزير للقاهرة وبغداد", "place", "ar", seeds=10):
        assert text.startswith("وصل الوزير ")
    assert all(" بـ" not in text and " ب" in text for text in hypotheses("قتل جندي بحلب", "place", "ar"))


def test_slavic_and_arabic_numbers_keep_the_form_of_the_noun():
    for text in hypotheses("Погибли 3 солдата.", "number", "ru", seeds=30):
        number = int(re.search(r"\d+", text)[0])
        assert number % 10 in (2, 3, 4)
        assert number % 100 not in (12, 13, 14)
    for text in hypotheses("قتل 14 شخصا", "number", "ar", seeds=30):
        assert int(re.search(r"\d+", text)[0]) % 100 > 10


def test_digits_keep_their_script():
    texts = hypotheses("قتل ١٤ شخصا", "number", "ar", seeds=5)
    assert texts
    assert all(re.fullmatch(r"قتل [٠-٩]+ شخصا", text) for text in texts)


# Laws


@pytest.mark.parametrize("lang", sorted(CLAIMS))
def test_spans_tell_exactly_what_differs(lang):
    pairs = perturb(CLAIMS[lang], lang=lang, per_claim=None)
    assert len(pairs) > 5
    for pair in pairs:
        assert pair.premise != pair.hypothesis
        assert len(pair.premise_spans) == len(pair.hypothesis_spans) > 0
        assert outside(pair.premise, pair.premise_spans) == outside(pair.hypothesis, pair.hypothesis_spans)
        assert pair.label in ("contradiction", "entailment", "neutral")
        assert pair.rule in RULES


def outside(text, spans):
    parts, done = [], 0
    for start, end in spans:
        assert done <= start <= end <= len(text)
        parts.append(text[done:start])
        done = end
    return [*parts, text[done:]]


@pytest.mark.parametrize("lang", sorted(CLAIMS))
def test_every_label_is_made_in_every_language(lang):
    assert {pair.label for pair in perturb(CLAIMS[lang], lang=lang, per_claim=None)} == {
        "contradiction",
        "entailment",
        "neutral",
    }


def test_the_same_claim_and_seed_make_the_same_pairs_in_any_company():
    claims = [Claim(text, lang=lang) for lang, text in CLAIMS.items()]
    alone = {pair for claim in claims for pair in perturb(claim, seed=3)}
    random.Random(0).shuffle(claims)
    assert set(perturb(claims, seed=3)) == alone
    assert set(perturb(claims, seed=4)) != alone


def test_per_claim_takes_one_of_each_rule_first():
    every = perturb(CLAIMS["en"], lang="en", per_claim=None)
    rules = {pair.rule for pair in every}
    assert len(every) > len(rules) > 4
    few = perturb(CLAIMS["en"], lang="en", per_claim=len(rules))
    assert len(few) == len(rules) == len({pair.rule for pair in few})
    assert set(few) <= set(every)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=80).filter(str.strip),
    lang=st.sampled_from(LANGUAGES),
)
def test_no_text_breaks_it(text, lang):
    for pair in perturb({"text": text}, lang=lang, per_claim=None):
        assert outside(pair.premise, pair.premise_spans) == outside(pair.hypothesis, pair.hypothesis_spans)


# The door


def test_a_claim_brings_its_language():
    pairs = perturb([Claim(CLAIMS["ru"], lang="ru"), Claim(CLAIMS["en"], lang="en-GB")], per_claim=1)
    assert [pair.lang for pair in pairs] == ["ru", "en"]
    assert all(isinstance(pair, Perturbation) for pair in pairs)


def test_a_claim_without_a_language_is_refused():
    with pytest.raises(OptionError, match="claim 1 does not say its language; pass lang= as one of ar, "):
        perturb("The man fell.")
    with pytest.raises(OptionError, match="claim 2 is in 'xx', which has no word list"):
        perturb([Claim("The man fell.", lang="en"), Claim("Mann falla.", lang="xx")])


def test_an_unknown_rule_is_refused_with_a_hint():
    with pytest.raises(OptionError, match=r"'antonyms' is no rule \(did you mean 'antonym'\?\)"):
        perturb("The man fell.", lang="en", rules=["antonyms"])
    with pytest.raises(OptionError, match="per_claim=0 leaves no pair"):
        perturb("The man fell.", lang="en", per_claim=0)


def test_a_rule_may_be_a_plain_string():
    assert {pair.rule for pair in perturb("The price increased.", lang="en", rules="antonym")} == {"antonym"}


def test_the_docstrings_run():
    assert doctest.testmod(contradict.perturbations).failed == 0
    documented = re.findall(r"^``(\w+)``", contradict.perturbations.__doc__, re.MULTILINE)
    assert sorted(documented) == sorted(RULES)


# The word lists


def test_the_languages():
    assert languages() == tuple(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_list_is_clean(lang):
    words = lexicon(lang)
    for form, entries in words._entries.items():
        assert form == form.strip()
        assert not set("|:~<>={}") & set(form), form
        for entry in entries:
            assert entry.rule == "fixed" or len(entry.group) > 1, (form, entry.rule, entry.category)
            assert len(set(entry.group)) == len(entry.group), (form, entry.group)
    assert {"entailment", "neutral", "contradiction"} == set(words.frames)
    assert set(words.bounds) == {"above", "below"}
    assert len(words.details) > 10
    assert len(words.days) > 4
    assert all("{}" in phrase for phrases in (*words.frames.values(), *words.bounds.values()) for phrase in phrases)
    assert {rewrite.rule for rewrite in words.rewrites} <= {"negation", "quantifier"}
    assert words.negators
    assert words.uncertain
