"""Days that an article names are the days of the calendar, by its own date."""

import datetime
import subprocess
import sys
import time

import pytest

import contradict
from contradict.articles.dates import day_meant, days_in, nearest
from contradict.articles.packs import languages, pack

THURSDAY = datetime.date(2015, 10, 1)
NAMED = [
    ("en", "The jets hit the camp on Wednesday.", {"Wednesday": "2015-09-30"}),
    ("en", "The jets hit the camp on Thursday.", {"Thursday": "2015-10-01"}),
    ("en", "The sides will meet on Monday.", {"Monday": "2015-10-05"}),
    ("en", "It happened yesterday, not today.", {"yesterday": "2015-09-30", "today": "2015-10-01"}),
    (
        "en",
        "It began on 30 September and on October 5, 2014.",
        {"30 September": "2015-09-30", "October 5, 2014": "2014-10-05"},
    ),
    ("en", "They may march; the sun was up in March 2015.", {}),
    ("ar", "شنت الطائرات اليوم (الخميس) غارات.", {"اليوم": "2015-10-01", "الخميس": "2015-10-01"}),
    ("ar", "أصابت الغارات الأربعاء مواقع، وبدأت أمس.", {"الأربعاء": "2015-09-30", "أمس": "2015-09-30"}),
    ("ar", "بدأت الضربات يوم 30 سبتمبر/أيلول.", {"30 سبتمبر/أيلول": "2015-09-30"}),
    ("ar", "بدأت الضربات في 30 أيلول 2015 وفي اليوم التالي توقفت.", {"30 أيلول 2015": "2015-09-30"}),
    ("ar", "سيجتمع الطرفان الاثنين.", {"الاثنين": "2015-10-05"}),
    ("ru", "Удары нанесены в среду, а не вчера.", {"среду": "2015-09-30", "вчера": "2015-09-30"}),
    ("ru", "Встреча состоится в понедельник.", {"понедельник": "2015-10-05"}),
    ("ru", "Операция началась 30 сентября.", {"30 сентября": "2015-09-30"}),
    ("uk", "Удари завдано у середу.", {"середу": "2015-09-30"}),
    ("fr", "Les frappes ont eu lieu mercredi.", {"mercredi": "2015-09-30"}),
    ("es", "Los ataques fueron el miércoles.", {"miércoles": "2015-09-30"}),
    ("de", "Die Angriffe waren am Mittwoch.", {"Mittwoch": "2015-09-30"}),
    ("tr", "Saldırılar çarşamba günü oldu.", {"çarşamba": "2015-09-30"}),
    ("fa", "حملات چهارشنبه انجام شد.", {"چهارشنبه": "2015-09-30"}),
    ("zh", "袭击发生在星期三。", {"星期三": "2015-09-30"}),
]


@pytest.mark.parametrize(("lang", "text", "expected"), NAMED)
def test_days_are_resolved_by_the_day_of_saying(lang, text, expected):
    assert {name: day.isoformat() for name, day in days_in(text, pack(lang), THURSDAY).items()} == expected


def test_every_pack_names_all_weekdays():
    for lang in languages():
        days = {day_meant(name, "weekday", lang, THURSDAY, False) for name in pack(lang).words("weekdays")}
        assert days == {THURSDAY - datetime.timedelta(days=n) for n in range(7)}, lang


@pytest.mark.parametrize("lang", [lang for lang in languages() if pack(lang).words("months")])
def test_every_pack_names_all_months(lang):
    days = {day_meant(f"3 {name}", "date", lang, THURSDAY, False) for name in pack(lang).words("months")}
    assert {day.month for day in days if day} == set(range(1, 13))
    assert None not in days


def test_a_day_without_a_year_is_the_nearest():
    assert nearest(datetime.date(2015, 12, 30), datetime.date(2016, 1, 2)) == datetime.date(2015, 12, 30)
    assert nearest(datetime.date(2016, 1, 2), datetime.date(2015, 12, 30)) == datetime.date(2016, 1, 2)
    assert nearest(datetime.date(2016, 2, 29), datetime.date(2015, 3, 1)).year in (2015, 2016)


@pytest.mark.parametrize(
    ("lang", "text", "said", "days"),
    [
        ("en", "The mayor said on Tuesday that the dam broke on Monday.", "2015-09-29", {"Monday": "2015-09-28"}),
        ("en", "On Tuesday the mayor said that the dam was safe.", "2015-09-29", None),
        ("en", "“The dam is safe,” the mayor said on Tuesday.", "2015-09-29", None),
        ("en", "The mayor said that the dam broke on Monday.", "2015-10-01", {"Monday": "2015-09-28"}),
        # what a quote calls yesterday is the day before it was said
        ("en", 'The mayor said on Tuesday: "The dam broke here yesterday."', "2015-09-29", {"yesterday": "2015-09-28"}),
        ("en", "The mayor said on Tuesday that it will rain on Friday.", "2015-09-29", {"Friday": "2015-10-02"}),
        ("ar", "قال مدير السد اليوم (الخميس) إن المياه انخفضت منذ مساء الأحد.", "2015-10-01", {"الأحد": "2015-09-27"}),
        ("ar", "قال مدير السد أمس إن المياه انخفضت منذ الأحد.", "2015-09-30", {"الأحد": "2015-09-27"}),
        (
            "ru",
            "Мэр заявил во вторник, что плотина прорвана в понедельник.",
            "2015-09-29",
            {"понедельник": "2015-09-28"},
        ),
    ],
)
def test_the_day_of_saying_is_not_a_day_that_is_spoken_of(lang, text, said, days):
    (claim,) = contradict.extract(text, lang=lang, date="2015-10-01")
    assert claim.date.isoformat() == said
    assert claim.meta.get("days") == days


def test_without_a_date_nothing_is_resolved_and_no_parser_loaded():
    (claim,) = contradict.extract("The mayor said on Tuesday that the dam broke on Monday.", lang="en")
    assert claim.date is None
    assert "days" not in claim.meta
    code = (
        "import sys, contradict; contradict.extract('The mayor said on Tuesday that it broke on Monday.', lang='en');"
        "print('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_with_dates_two_hundred_sentences_take_under_a_second():
    text = "".join(
        f"On {day} {n} May the mayor said that the dam broke on {day} and not yesterday.\n"
        for n in range(1, 29)
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Monday")
    )
    contradict.extract(text[:200], lang="en", date="2015-10-01")
    start = time.perf_counter()
    claims = contradict.extract(text, lang="en", date="2015-10-08")
    assert len(claims) == 224
    assert time.perf_counter() - start < 224 / 200
