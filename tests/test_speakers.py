"""Speakers: titles apart from names, and spellings of one speaker grouped with the reason, never in doubt."""

import itertools

import pytest

import contradict
from contradict import group_speakers
from contradict.articles.names import consonants, parted
from contradict.errors import OptionError

PERSONS = {  # of each the name in English, Russian and Arabic
    "Sergei Lavrov": ("Сергей Лавров", "سيرغي لافروف"),
    "Sergei Shoigu": ("Сергей Шойгу", "سيرغي شويغو"),
    "Vladimir Putin": ("Владимир Путин", "فلاديمير بوتين"),
    "Igor Konashenkov": ("Игорь Конашенков", "إيغور كوناشينكوف"),
    "Dmitry Peskov": ("Дмитрий Песков", "دميتري بيسكوف"),
    "John Kerry": ("Джон Керри", "جون كيري"),
    "Barack Obama": ("Барак Обама", "باراك أوباما"),
    "Bashar al-Assad": ("Башар Асад", "بشار الأسد"),
    "Bashar al-Jaafari": ("Башар Джаафари", "بشار الجعفري"),
    "Walid Muallem": ("Валид Муаллем", "وليد المعلم"),
    "Staffan de Mistura": ("Стаффан де Мистура", "ستافان دي ميستورا"),
    "Angela Merkel": ("Ангела Меркель", "أنغيلا ميركل"),
    "Ban Ki-moon": ("Пан Ги Мун", "بان كي مون"),
}
OTHERS = {  # no threshold was chosen with them
    "Recep Tayyip Erdogan": ("Реджеп Тайип Эрдоган", "رجب طيب أردوغان"),
    "Emmanuel Macron": ("Эммануэль Макрон", "إيمانويل ماكرون"),
    "Ahmet Davutoglu": ("Ахмет Давутоглу", "أحمد داود أوغلو"),
    "Hassan Rouhani": ("Хасан Рухани", "حسن روحاني"),
    "Hassan Nasrallah": ("Хасан Насралла", "حسن نصر الله"),
    "Rami Abdulrahman": ("Рами Абдуррахман", "رامي عبد الرحمن"),
    "Ashton Carter": ("Эштон Картер", "أشتون كارتر"),
    "Jens Stoltenberg": ("Йенс Столтенберг", "ينس ستولتنبرغ"),
    "Maria Zakharova": ("Мария Захарова", "ماريا زاخاروفا"),
    "Francois Hollande": ("Франсуа Олланд", "فرانسوا هولاند"),
    "David Cameron": ("Дэвид Кэмерон", "ديفيد كاميرون"),
    "Josh Earnest": ("Джош Эрнест", "جوش إيرنست"),
    "Benjamin Netanyahu": ("Биньямин Нетаньяху", "بنيامين نتنياهو"),
    "Volodymyr Zelensky": ("Владимир Зеленский", "فولوديمير زيلينسكي"),
    "Adel al-Jubeir": ("Адель аль-Джубейр", "عادل الجبير"),
}


@pytest.mark.parametrize(
    ("mention", "title", "name"),
    [
        ("Russian foreign minister Sergei Lavrov", "Russian foreign minister", "Sergei Lavrov"),
        ("Secretary of State John Kerry", "Secretary of State", "John Kerry"),
        ("President of Syria Bashar al-Assad", "President of Syria", "Bashar al-Assad"),
        ("Army spokesman Maj. Gen. Igor Konashenkov", "Army spokesman Maj. Gen.", "Igor Konashenkov"),
        ("Ida Rusk, a former manager", "a former manager", "Ida Rusk"),
        ("the mayor", "the mayor", None),
        ("US officials", "US officials", None),
        ("Islamic State", None, "Islamic State"),
        ("министр иностранных дел Сергей Лавров", "министр иностранных дел", "Сергей Лавров"),
        ("президент Путин", "президент", "Путин"),
        ("президент США", "президент США", None),
        ("وزير الخارجية الروسي سيرغي لافروف", "وزير الخارجية الروسي", "سيرغي لافروف"),
        ("الرئيس السوري بشار الأسد", "الرئيس السوري", "بشار الأسد"),
        ("مدير سد وادي السرو نبيل الحداد", "مدير سد وادي السرو", "نبيل الحداد"),
        ("المتحدث باسم وزارة الدفاع الروسية إيغور كوناشينكوف", "المتحدث باسم وزارة الدفاع الروسية", "إيغور كوناشينكوف"),
        ("المتحدث باسم وزارة الدفاع", "المتحدث باسم وزارة الدفاع", None),
        ("مسؤولون عسكريون روس", "مسؤولون عسكريون روس", None),
        ("الرئيس السوري", "الرئيس السوري", None),
        ("الرئيس بوتين", "الرئيس", "بوتين"),
        ("الناتو", None, "الناتو"),
    ],
)  # fmt: skip
def test_titles_are_kept_apart_from_names(mention, title, name):
    assert parted(mention) == (title, name)


def test_claims_have_title_and_name_of_their_speaker():
    text = "Russian foreign minister Sergei Lavrov said that the talks would go on. US officials said they would not."
    named, unnamed = contradict.extract(text, lang="en")
    assert (named.meta["title"], named.meta["name"]) == ("Russian foreign minister", "Sergei Lavrov")
    assert "name" not in unnamed.meta


@pytest.mark.parametrize(("english", "others"), PERSONS.items())
def test_the_consonants_of_a_name_are_alike_in_three_scripts(english, others):
    from rapidfuzz import fuzz

    ours = " ".join(sorted(consonants(english)))
    assert min(fuzz.ratio(ours, " ".join(sorted(consonants(other)))) for other in others) >= 72


@pytest.fixture(scope="module")
def encoder():
    return contradict.Detector().encoder


@pytest.mark.parametrize(("persons", "whole"), [(PERSONS, 12), (OTHERS, 11), (PERSONS | OTHERS, 23)])
def test_spellings_in_three_scripts_are_one_speaker_and_no_two_speakers_one(persons, whole, encoder):
    person = {name: english for english, others in persons.items() for name in (english, *others)}
    groups = group_speakers(person, encoder=encoder)
    for group in groups:  # a wrong merge is worse than a missing one
        assert len({person[name] for name in group.spellings}) == 1, group
        assert set(group.why) == set(group.spellings) - {group.name}
    assert sum(len(group.spellings) == 3 for group in groups) >= whole
    assert sum(len(group.spellings) for group in groups) == len(person)


def test_without_an_encoder_nothing_is_merged_across_scripts():
    english, russian = group_speakers(["Sergei Lavrov", "Сергей Лавров"])
    assert "consonants" in english.proposed[russian.name]
    assert "consonants" in russian.proposed[english.name]


@pytest.mark.parametrize(
    "names",
    [
        ("Ivan Petrov", "Ivan Petrova"),
        ("4th Brigade", "5th Brigade"),
        ("US officials", "UN officials"),
        ("Iranian officials", "Iraqi officials"),
        ("President Petrov", "General Petrov"),
        ("Petrov", "Ivan Petrov"),
        ("Northern Front", "Southern Front"),
        ("Russian Defence Ministry", "Russian Foreign Ministry"),
        ("NATO", "the United States and NATO"),
        ("الناتو", "الولايات المتحدة وحلف شمال الأطلسي (الناتو)"),
        ("Russian Defence Ministry", "وزارة الخارجية الروسية"),
        ("وزارة الدفاع الروسية", "وزارة الدفاع الأميركية"),
        ("Bashar al-Assad", "بشار الجعفري"),
    ],
)
def test_doubtful_ones_are_not_merged(names, encoder):
    assert len(group_speakers(names, encoder=encoder)) == 2


def test_merges_show_why_and_doubts_are_proposed():
    names = ["Foreign minister Sergei Lavrov", "Sergey Lavrov", "Lavrov Sergei", "Lavrov", "Минобороны РФ", "MoD"]
    table = {"Минобороны РФ": "Russian Ministry of Defence", "mod": "Russian Ministry of Defence"}
    groups = {group.name: group for group in group_speakers(names, table)}
    assert set(groups) == {"Foreign minister Sergei Lavrov", "Lavrov", "Russian Ministry of Defence"}
    lavrov = groups["Foreign minister Sergei Lavrov"]
    assert set(lavrov.spellings) == {"Foreign minister Sergei Lavrov", "Sergey Lavrov", "Lavrov Sergei"}
    assert all("% like" in reason for reason in lavrov.why.values())
    assert lavrov.proposed == {"Lavrov": "a surname alone"}
    assert groups["Russian Ministry of Defence"].why == {"Минобороны РФ": "alias", "MoD": "alias"}
    with pytest.raises(OptionError, match="name the last one"):
        group_speakers([], {"a": "b", "b": "c"})


def test_the_order_of_names_does_not_matter(encoder):
    names = ["Sergei Lavrov", "Sergey Lavrov", "Сергей Лавров", "Lavrov", "Ivan Petrov", "Ivan Petrof", "Ivan Petrow"]
    results = {
        str(group_speakers(order, encoder=encoder))
        for order in itertools.islice(itertools.permutations(names), 0, 5000, 700)
    }
    assert len(results) == 1
    assert group_speakers([]) == []


def test_groups_are_aliases_for_extraction():
    groups = group_speakers(["Sergey Lavrov", "Minister Sergei Lavrov"])
    table = {spelling: group.name for group in groups for spelling in group.spellings}
    (claim,) = contradict.extract("Sergey Lavrov said that the talks would go on.", lang="en", aliases=table)
    assert claim.speaker == "Minister Sergei Lavrov"
