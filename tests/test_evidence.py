"""What differs between two claims, what kind of conflict it makes, and what speaks against it."""

import datetime
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict import Claim, Detector
from contradict.evidence import Evidence, evidence, forget
from contradict.evidence.reading import read
from contradict.report import Report
from contradict.testing import FakeEncoder, FakeNLI


def between(a, b, **fields):
    return evidence(Claim(a, **fields), Claim(b, **fields))


EXCLUDE = [
    ("14 people were killed in Aleppo.", "20 people were killed in Aleppo."),
    ("قُتل 14 شخصا في حلب", "Twenty people were killed in Aleppo."),
    ("В Хомсе погибли двадцать пять человек.", "33 people were killed in Homs."),
    ("At least 40 people were wounded in Hama.", "Up to 12 people were wounded in Hama."),
    ("قُتل ١٤ شخصا في حمص", "В Хомсе погибли 30 человек."),
]
FIT = [
    ("At least 10 people were killed in Homs.", "12 people were killed in Homs."),
    ("Nearly 100 people were wounded.", "98 people were wounded."),
    ("Dozens were killed in Idlib.", "36 were killed in Idlib."),
    ("Between 20 and 30 people died.", "From 25 to 40 people died."),
    ("قُتل خمسة وعشرون شخصا في حمص", "В Хомсе погибли 25 человек."),
    ("مقتل ما لا يقل عن 33 مدنيا في حمص", "В Хомсе погибли 36 мирных жителей"),
    ("14 people, among them 3 children, were killed in Homs.", "3 children were killed in Homs."),
]


@pytest.mark.parametrize(("a", "b"), EXCLUDE)
def test_numbers_of_the_same_thing_exclude_each_other(a, b):
    found = between(a, b, date="2015-10-01")
    assert (found.kind, bool(found.decisive)) == ("number", True)
    assert all(one.a and one.b for one in found.differences if one.what == "number")


@pytest.mark.parametrize(("a", "b"), FIT)
def test_numbers_that_can_both_hold_are_no_number_conflict(a, b):
    found = between(a, b)
    assert found.decisive is None
    assert not [one for one in found.differences if one.what == "number"]


@pytest.mark.parametrize(
    ("a", "b", "caveat"),
    [
        ("The bridge was hit on 3 May.", "The bridge was not hit on 5 May.", "different_date"),
        ("В Хомсе разрушили школу.", "لم تدمر مدرسة في حلب", "different_place"),
        ("The strike may have killed a doctor.", "The strike killed no doctor.", "hedged"),
        ("20 soldiers were killed.", "14 children were killed.", "different_scope"),
    ],
)
def test_a_caveat_has_its_reason(a, b, caveat):
    reasons = {one.name: one.reason for one in between(a, b).caveats}
    assert reasons[caveat]


def test_a_later_count_is_an_update_and_never_decides():
    found = evidence(
        Claim("14 people were killed in Homs.", date="2015-09-30"),
        Claim("20 people were killed in Homs.", date="2015-10-01"),
    )
    assert [caveat.name for caveat in found.caveats] == ["later_update"]
    assert found.decisive is None


texts = st.sampled_from([text for pair in EXCLUDE + FIT for text in pair])


@given(texts, texts)
def test_evidence_is_symmetric_stands_in_the_texts_and_survives_being_written(a, b):
    one, other = between(a, b), between(b, a)
    assert (one.kind, bool(one.decisive), bool(one.harmless)) == (
        other.kind,
        bool(other.decisive),
        bool(other.harmless),
    )
    assert {caveat.name for caveat in one.caveats} == {caveat.name for caveat in other.caveats}
    for difference in one.differences:
        for text, span in ((a, difference.a), (b, difference.b)):
            assert span is None or (0 <= span[0] < span[1] <= len(text))
    assert Evidence.from_dict(one.to_dict()) == one


class InDoubt(FakeNLI):
    """A model that leans to "neutral"."""

    def predict(self, pairs):
        return super().predict(pairs) * 0 + [0.1, 0.6, 0.3]


def test_a_number_conflict_the_model_doubts_is_found_and_says_why():
    pool = [Claim(text, speaker=who) for text, who in zip(EXCLUDE[0], ("Ann", "Bob"))]
    report = Detector(FakeEncoder(), InDoubt()).compare(pool)
    assert report[0].probability < report.threshold
    assert report[0].evidence.share == 0.5  # the place and like words, and no day
    assert len(report.at(0.9)) == 0
    assert "cannot both hold" in report[0].evidence.decisive
    assert Report.from_json(report.to_json()) == report


class Alarmed(FakeNLI):
    """A model that sees a conflict in everything."""

    def predict(self, pairs):
        return super().predict(pairs) * 0 + [0.02, 0.03, 0.95]


def test_numbers_that_can_both_hold_are_set_aside_and_stay_visible():
    pool = [Claim(text, speaker=who) for text, who in zip(FIT[0], ("Ann", "Bob"))]
    report = Detector(FakeEncoder(), Alarmed()).compare(pool)
    assert (len(report), len(report.set_aside)) == (0, 1)
    assert "can both hold" in report.set_aside[0].evidence.harmless
    assert "Set aside with the reason: 1 pair" in report.summary()


REPORT = "A suicide bomber killed four people in a hospital in the ruling clan's hometown, a monitoring group said."


@pytest.mark.parametrize(
    ("a", "b", "copies"),
    [
        (f"AFP Sunday 22 Feb 2015 {REPORT}", f"Published February 23 2015 {REPORT}", True),
        (REPORT, REPORT.replace("four", "nine"), False),
        (REPORT, REPORT.replace("killed", "did not kill"), False),
        (REPORT, REPORT.replace("a hospital", "Homs").replace("hometown", "town of Hama"), False),
        (REPORT, REPORT.replace("a hospital", "a depot"), False),
        (REPORT, REPORT.replace("suicide bomber", "group").replace("monitoring group", "suicide bomber"), False),
        ("The dam holds.", "The dam holds.", False),
    ],
)
def test_versions_of_one_report_are_set_aside(a, b, copies):
    found = between(a, b, lang="en").harmless
    assert bool(found and "one report in two versions" in found) == copies


def test_two_events_in_one_town_are_not_one_count():
    a = "Seven civilians were injured in a rocket attack on a neighbourhood of Aleppo city."
    b = "Ten people were injured near the border as three more towns, Aleppo among them, came under fire."
    assert between(a, b, lang="en").decisive is None


def test_what_was_read_is_forgotten_only_where_it_is_much():
    forget(0)
    for number in range(3):
        read(f"{number} people died", "en", None)
    forget(3)
    assert read.cache_info().currsize == 3
    forget(2)
    assert read.cache_info().currsize == 0


SAID = datetime.date(2015, 10, 2)


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("It was hit three days ago.", "en", "2015-09-29"),
        ("The day before yesterday it stood.", "en", "2015-09-30"),
        ("Три дня назад склад сгорел.", "ru", "2015-09-29"),
        ("احترق المستودع قبل ثلاثة أيام.", "ar", "2015-09-29"),
        ("احترق المستودع أمس الأول.", "ar", "2015-09-30"),
        ("hier, à Homs", "fr", "2015-10-01"),
        ("On 30 September 2014 it stood.", "en", "2014-09-30"),
        ("Magazyn spłonął 14 marca, zginęło 12 osób.", "pl", "03-14"),
        ("12 orang tewas pada 14 Maret 2020", "id", "2020-03-14"),
        ("Kho bị cháy ngày 14 tháng 3", "vi", "03-14"),
        ("창고는 3월 14일에 불탔다", "ko", "03-14"),
        ("۱۴ مارس ۱۲ نفر کشته شدند", "fa", "03-14"),
    ],
)
def test_days_of_many_languages_are_read_where_they_stand(text, lang, day):
    (found,) = read(text, lang, SAID).days
    assert found.value == day
    assert text[slice(*found.span)].strip()


@pytest.mark.parametrize(
    ("text", "lang"),
    [("Das ist hier passiert", "de"), ("12 osób, 14 dni", "pl"), ("Um 14 Uhr", "de"), ("May be", "en")],
)
def test_what_only_looks_like_a_day_is_none(text, lang):
    assert read(text, lang, SAID).days == ()


def test_a_day_of_another_year_is_another_day_and_one_without_a_year_is_not():
    def caveats(a, b):
        return [caveat.reason for caveat in between(a, b, lang="en").caveats]

    assert caveats("It burnt on 3 May 2014.", "It did not burn on 3 May 2015.") == [
        "another date: 3 May 2014 in one, 3 May 2015 in the other"
    ]
    assert caveats("It burnt on 3 May 2014.", "It did not burn on 3 May.") == []


def test_another_time_of_day_is_a_difference_and_no_caveat():
    found = between("The raid began at 6:15 a.m.", "The raid began at 18:15.", lang="en")
    assert ("time", "another time: 06:15 in one, 18:15 in the other") in [(d.what, d.reason) for d in found.differences]
    assert found.kind == "date"
    assert found.caveats == ()
    assert between("The raid began at 6:15 p.m.", "The raid began at 18:15.", lang="en").differences == ()


def test_dateparser_is_not_loaded_for_what_the_tables_know():
    code = (
        "import sys, datetime\n"
        "from contradict.evidence.reading import read\n"
        "assert read('On 3 May 2014, 12 people', 'en', datetime.date(2015, 1, 1)).days\n"
        "assert read('14 сентября, вчера', 'ru', datetime.date(2015, 1, 1)).days\n"
        "print('dateparser' in sys.modules)\n"
        "assert read('14 marca', 'pl', None).days\n"
        "print('dateparser' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("Соединённые Штаты узнали об ударах лишь после их начала.", "ru", []),
        ("Погибли не только военные.", "ru", []),
        ("Тем не менее мост не закрыт.", "ru", ["не"]),
        ("لا يزال الجسر مغلقا", "ar", []),
        ("ما أعلنته الوزارة صحيح", "ar", []),
        ("لم يغلق الجسر", "ar", ["لم"]),
        ("Few people saw it, not only in Homs.", "en", []),
        ("Nobody saw it.", "en", ["Nobody"]),
        ("Sin embargo, el puente está abierto.", "es", []),
        ("El puente no está abierto.", "es", ["no"]),
        ("Elle a été vue par une personne, sans doute.", "fr", []),
        ("Cuộc không kích của không quân", "vi", []),
        ("Cây cầu không bị đóng", "vi", ["không"]),
        ("无人机非常特别", "zh", []),
        ("桥没有关闭", "zh", ["没"]),
        ("उसने कहा कि पुल बंद है", "hi", []),
        ("राम ने कहा", "hi", []),
        ("पुल बंद नहीं है", "hi", ["नहीं"]),
        ("สะพานถูกปิดอย่างถาวรในเดือนมิถุนายน", "th", []),
        ("สะพานไม่ถูกปิด", "th", ["ไม่"]),
        ("橋は必ず開く", "ja", []),
    ],
)
def test_only_what_denies_is_a_negation(text, lang, words):
    assert [text[slice(*span)] for span in read(text, lang, None).negations] == words


COUNTED = [
    # a part, or a total, of the count that is compared
    ("27 civilians, among them six children, were killed.", "33 civilians were killed.", "en", "number", []),
    ("Since the start of the year 90 were wounded.", "Overnight 4 were wounded.", "en", "number", ["different_scope"]),
    ("Six children were killed in raids.", "27 died, among them five children.", "en", "number", []),
    # measures, whatever the unit and the language
    ("They were told three hours before.", "On les a avertis 20 minutes avant.", "en", "number", []),
    ("It pays 2,000 euros to each household.", "Pagará 5.000 euros a cada hogar.", "en", "number", []),
    ("They waited 60 minutes.", "They waited one hour.", "en", "content", []),
    # years alone
    ("In 2014 the plant made a profit.", "In 2015 the plant made a loss.", "en", "date", ["different_date"]),
    ("In 2014 the plant burnt.", "On 3 May 2014 the plant burnt.", "en", "content", []),
    # "one" and "only"
    ("One of the two towns was hit.", "Two towns were hit.", "en", "content", ["different_scope"]),
    ("لم تصب الطائرات سوى خمسة أهداف", "أصابت الطائرات ثمانية أهداف", "ar", "number", []),
    ("洪灾共造成12人死亡。", "19 people were killed by the flood.", None, "number", []),
]


@pytest.mark.parametrize(("a", "b", "lang", "kind", "caveats"), COUNTED)
def test_what_a_number_counts(a, b, lang, kind, caveats):
    found = between(a, b, lang=lang)
    assert (found.kind, [caveat.name for caveat in found.caveats]) == (kind, caveats)


HEADLINES = [
    # days with short names, what a number cannot count, what is far from it, and who is counted
    ("Sun 16 Apr 2017 A bomb in Aleppo killed 112 people.", "A bomb in Aleppo killed 112 people.", None),
    ("A blast hit 2510 The strike on Homs killed four.", "59 missiles struck Homs; the strike killed four.", None),
    (
        "The death toll of the attack in Homs on buses that came from two besieged towns rose.",
        "112 died in Homs.",
        None,
    ),
    ("15 were killed in Homs on Monday, six others were killed nearby.", "15 were killed in Homs on Monday.", None),
    ("6 teachers were killed in Idlib on 3 May.", "26 people were killed in Idlib on 3 May.", None),
    ("Attack on Homs kills 3 wounds 20", "Attack on Homs: 3 killed 20 wounded", None),
    ("Raid on Homs kills 18 people", "Raid on Homs kills 15 people", "“18” and “15” of the same cannot both hold"),
]


@pytest.mark.parametrize(("a", "b", "reason"), HEADLINES)
def test_counts_in_the_language_of_news(a, b, reason):
    assert between(a, b, lang="en").decisive == reason
    assert between(b, a, lang="en").decisive == (reason and "“15” and “18” of the same cannot both hold")


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ("14 people were killed in Homs on 3 May.", "20 people were killed in Homs on 3 May.", 0.125),
        ("14 people were killed in Homs.", "20 people were killed in Homs.", 0.5),
        ("14 people were killed in Homs on Monday.", "20 people were killed in Homs on Monday.", 0.5),
        ("14 people were killed in Homs on 3 May.", "20 people were killed in Homs on 4 May.", 1),
        ("14 people were killed in Homs.", "20 people were not hurt by the snow in Aleppo.", 1),
        ("Rockets from rebels killed 14 in the west of Homs.", "20 died in Homs as a market was shelled.", 1),
    ],
)
def test_how_far_a_number_decides_rests_on_how_sure_it_is_one_event(a, b, share):
    assert between(a, b, lang="en").share == share
