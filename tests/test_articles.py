"""Who says what: each form in each main language, exact places, and no text that makes it stumble."""

import datetime
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contradict
from contradict.articles.evaluation import evaluate_attribution
from contradict.articles.packs import languages, pack
from contradict.articles.statements import statements
from contradict.cli import main
from contradict.errors import ClaimError, ClaimFileError, OptionError

FIXTURES = Path(__file__).parent.parent / "fixtures"
FORMS = [  # language, text, speaker, content, kind, stance
    (
        "en",
        'Mayor Ann Reed said: "The dam will hold this winter."',
        "Mayor Ann Reed",
        "The dam will hold this winter.",
        "direct",
        "asserts",
    ),
    (
        "en",
        "“The dam will hold this winter,” said Mayor Ann Reed.",
        "Mayor Ann Reed",
        "The dam will hold this winter,",
        "direct",
        "asserts",
    ),
    (
        "en",
        "Mayor Ann Reed said on Monday that the dam would hold.",
        "Mayor Ann Reed",
        "the dam would hold",
        "indirect",
        "asserts",
    ),
    ("en", "The dam would hold, the mayor said.", "the mayor", "The dam would hold", "indirect", "asserts"),
    (
        "en",
        "According to the army, the bridge was hit twice.",
        "the army",
        "the bridge was hit twice",
        "indirect",
        "asserts",
    ),
    ("en", "The ministry denied that the bridge was hit.", "The ministry", "the bridge was hit", "indirect", "rejects"),
    (
        "en",
        "Officials fear that the bridge will collapse.",
        "Officials",
        "the bridge will collapse",
        "belief",
        "unsure",
    ),
    (
        "ru",
        "Мэр Анна Рид заявила, что плотина выдержит зиму.",
        "Мэр Анна Рид",
        "плотина выдержит зиму",
        "indirect",
        "asserts",
    ),
    (
        "ru",
        "«Плотина выдержит эту зиму», — сказала мэр Анна Рид.",
        "мэр Анна Рид",
        "Плотина выдержит эту зиму",
        "direct",
        "asserts",
    ),
    (
        "ru",
        "По словам генерала, мост был поражён дважды.",
        "генерала",
        "мост был поражён дважды",
        "indirect",
        "asserts",
    ),
    ("ru", "Министерство опровергло, что мост был поражён.", "Министерство", "мост был поражён", "indirect", "rejects"),
    ("ru", "Мэр сказал: «Плотина выдержит эту зиму».", "Мэр", "Плотина выдержит эту зиму", "direct", "asserts"),
    (
        "ar",
        "قالت رئيسة البلدية إن السد سيصمد هذا الشتاء.",
        "رئيسة البلدية",
        "السد سيصمد هذا الشتاء",
        "indirect",
        "asserts",
    ),
    ("ar", "وقال الوزير: «السد سيصمد هذا الشتاء».", "الوزير", "السد سيصمد هذا الشتاء", "direct", "asserts"),
    ("ar", "أفاد مصدر عسكري بأن الجسر أصيب مرتين.", "مصدر عسكري", "الجسر أصيب مرتين", "indirect", "asserts"),
    ("ar", "نفت الوزارة أن الجسر أصيب أمس.", "الوزارة", "الجسر أصيب أمس", "indirect", "rejects"),
    ("ar", "أما وزارة الدفاع فقالت إن الجسر لم يصب.", "وزارة الدفاع", "الجسر لم يصب", "indirect", "asserts"),
    ("ar", "وأعرب مسؤولون عن قلقهم من أن الجسر سينهار.", "مسؤولون", "الجسر سينهار", "indirect", "unsure"),
    ("uk", "Міністерство заявило, що міст не постраждав.", "Міністерство", "міст не постраждав", "indirect", "asserts"),
    (
        "uk",
        "«Гребля витримає цю зиму», — сказала мер Ганна Рід.",
        "мер Ганна Рід",
        "Гребля витримає цю зиму",
        "direct",
        "asserts",
    ),
    (
        "fr",
        "Le ministère a démenti que le pont ait été touché.",
        "Le ministère",
        "le pont ait été touché",
        "indirect",
        "rejects",
    ),
    (
        "fr",
        "«Le barrage tiendra», a déclaré la maire Anne Reed.",
        "la maire Anne Reed",
        "Le barrage tiendra",
        "direct",
        "asserts",
    ),
    (
        "es",
        "El ministerio afirmó que el puente no fue alcanzado.",
        "El ministerio",
        "el puente no fue alcanzado",
        "indirect",
        "asserts",
    ),
    (
        "es",
        "«La presa aguantará», dijo la alcaldesa Ana Reed.",
        "la alcaldesa Ana Reed",
        "La presa aguantará",
        "direct",
        "asserts",
    ),
    (
        "de",
        "Das Ministerium erklärte, dass die Brücke steht.",
        "Das Ministerium",
        "die Brücke steht",
        "indirect",
        "asserts",
    ),
    ("de", "„Der Damm wird halten“, sagte Anna Reed.", "Anna Reed", "Der Damm wird halten", "direct", "asserts"),
    (
        "tr",
        'Belediye başkanı Anna Reed, "Baraj bu kış dayanacak" dedi.',
        "Belediye başkanı Anna Reed",
        "Baraj bu kış dayanacak",
        "direct",
        "asserts",
    ),
    ("fa", "وزارت دفاع اعلام کرد که پل آسیب ندیده است.", "وزارت دفاع", "پل آسیب ندیده است", "indirect", "asserts"),
    ("fa", "شهردار گفت: «سد این زمستان دوام دارد».", "شهردار", "سد این زمستان دوام دارد", "direct", "asserts"),
    ("zh", "国防部表示，大桥没有受损。", "国防部", "大桥没有受损", "indirect", "asserts"),
    ("zh", "市长说：“大坝今年冬天不会垮。”", "市长", "大坝今年冬天不会垮。", "direct", "asserts"),
]


def parts(text, statement):
    speaker = None if statement.speaker is None else text[slice(*statement.speaker)]
    return speaker, " … ".join(text[slice(*span)] for span in statement.content), statement.kind, statement.stance


@pytest.mark.parametrize(("lang", "text", "speaker", "content", "kind", "stance"), FORMS)
def test_each_form_is_found_with_its_speaker(lang, text, speaker, content, kind, stance):
    (found,) = statements(text, pack(lang))
    assert parts(text, found) == (speaker, content, kind, stance)


def test_a_quote_may_be_split_around_its_cue():
    for lang, text in (
        ("en", '"We will stay," the captain said, "until the water is gone."'),
        ("ru", "«Мы останемся, — сказал капитан. — Пока вода не уйдёт»."),
    ):
        (found,) = statements(text, pack(lang))
        assert len(found.content) == 2


def test_pronouns_and_short_forms_are_resolved():
    text = (
        "Foreign minister Ivan Petrov said that the talks would go on. Petrov added that a date was set. "
        "He said that the other side had agreed."
    )
    assert [claim.speaker for claim in contradict.extract(text, lang="en")] == ["Foreign minister Ivan Petrov"] * 3
    text = "أفاد مصدر أمني سوري بأن الطريق مقطوع. وأضاف المصدر أن القتال مستمر."
    assert {claim.speaker for claim in contradict.extract(text, lang="ar")} == {"مصدر أمني سوري"}


def test_an_office_stands_for_the_one_who_holds_it_unless_two_do():
    text = "Trade minister Rosa Lind said that the talks would go on. The army said that it was late. "
    minister = "The minister added that a date was set."
    assert contradict.extract(text + minister, lang="en")[-1].speaker == "Trade minister Rosa Lind"
    two = text + "Interior minister Jan Berg said that they would not. The army said that it was closed. " + minister
    assert contradict.extract(two, lang="en")[-1].speaker == "The minister"


def test_a_short_form_that_fits_two_speakers_stays_as_it_is():
    text = (
        "Minister Ivan Petrov said that the bridge was open. General Oleg Petrov said that the bridge was closed. "
        "According to the army, the road was safe. Petrov said that nobody was hurt."
    )
    assert contradict.extract(text, lang="en")[-1].speaker == "Petrov"


def test_what_nobody_is_quoted_for_is_the_articles_own():
    text = "The strikes hit a camp. The ministry denied that anyone was killed."
    own, denied = contradict.extract(text, lang="en", source="paper", date="2015-10-01")
    assert (own.speaker, own.source, own.date, own.meta["kind"]) == (
        None,
        "paper",
        datetime.date(2015, 10, 1),
        "article",
    )
    assert denied.text == "It is not true that anyone was killed"
    assert text[slice(*denied.span)] == "anyone was killed"
    assert denied.meta["stance"] == "rejects"


def test_names_in_inverted_commas_are_no_statements():
    assert statements("طائرات ضربت تنظيم «الدولة» في حمص.", pack("ar")) == []
    assert statements("The operation “Northern Shield” began.", pack("en")) == []
    assert statements("Боевики «Исламского государства» отступили.", pack("ru")) == []


def test_a_question_and_a_greeting_are_kept_but_not_checkable():
    claims = contradict.extract('The captain asked: "Who will pay for all of the damage?"', lang="en")
    assert [claim.meta["checkable"] for claim in claims] == [False]


def test_each_paragraph_is_read_in_its_own_language():
    text = "The mayor said that the dam would hold this winter.\n\nМэр заявил, что плотина выдержит эту зиму.\n"
    assert [claim.lang for claim in contradict.extract(text)] == ["en", "ru"]


def test_aliases_are_the_users_word():
    text = "MoD spokesman Igor Konashenkov said that the camp was hit."
    (claim,) = contradict.extract(
        text, lang="en", aliases={"mod spokesman igor konashenkov": "Russian Ministry of Defence"}
    )
    assert claim.speaker == "Russian Ministry of Defence"
    assert claim.meta["resolved"] == "alias"
    assert claim.meta["mention"] == "MoD spokesman Igor Konashenkov"


MARKS = "aб ا.«»“”\"',:;—―-\n?!()ط中"
PHRASES = (
    "said |that |قال |إن |сказал |, что |he |and hit |not |لم |on Monday |30 September |الخميس |в среду |"
    "according to |denied |نفى |Reed |ودمرت |“A” — B"
)
pieces = st.sampled_from([*MARKS, *PHRASES.split("|")])


@settings(max_examples=300, deadline=20_000)  # the first one loads what tells languages and days
@given(st.lists(pieces, max_size=60).map("".join) | st.text(max_size=200), st.sampled_from([*languages(), None]))
def test_no_text_makes_it_stumble_and_every_span_lies_in_the_text(text, lang):
    try:
        claims = contradict.extract(text, lang=lang, date="2015-10-01")
    except ClaimError as error:
        assert "text holds" in str(error)  # noqa: PT017 (what no text holds, such as NUL)
        return
    for claim in claims:
        start, end = claim.span
        assert 0 <= start < end <= len(text)
        assert claim.text.strip()
    if lang is not None:
        for statement in statements(text, pack(lang)):
            for start, end in (*statement.content, statement.cue or (0, 0), statement.speaker or (0, 0)):
                assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        *("«" * 20_000, '"' * 20_001, "“”" * 10_000, "«“„" * 5_000, "said " * 10_000, "," * 50_000, "(" * 20_000),
        *("قال إن " * 5_000, "сказал, что " * 5_000, "and hit " * 5_000, "on Monday " * 5_000, "“a” — B " * 5_000),
        *("the " * 20_000, "Reed (" * 5_000, "reports that " * 5_000, "not " * 20_000, "a " * 40_000 + "said."),
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("lang", ["ar", "ru", "en", "tr", "zh"])
def test_nested_and_broken_quotes_take_no_time(text, lang):
    start = time.perf_counter()
    contradict.extract(text, lang=lang, date="2015-10-01")
    assert time.perf_counter() - start < 10


def test_time_is_linear_and_two_hundred_sentences_take_under_a_second():
    article = "\n".join(text for lang, text, *_ in FORMS if lang == "en") + "\n"
    statements(article, pack("en"))

    def seconds(times):
        start = time.perf_counter()
        statements(article * times, pack("en"))
        return time.perf_counter() - start

    few, many = min(seconds(30) for _ in range(3)), min(seconds(300) for _ in range(2))
    assert few < 210 / 200  # thirty times seven sentences
    assert many < 20 * few


@pytest.mark.parametrize(("lang", "f1", "speaker"), [("ar", 0.8, 0.8), ("ru", 0.7, 0.8), ("en", 0.7, 0.85)])
def test_the_gold_is_found_about_as_well_as_the_documentation_says(lang, f1, speaker):
    found = evaluate_attribution([FIXTURES / f"attribution_{lang}.jsonl"])[lang]["all"]
    assert found.f1 >= f1
    assert found.speaker >= speaker


def test_a_file_is_read_and_another_kind_refused(tmp_path):
    path = tmp_path / "paper.html"
    body = "<p>The mayor said that the dam would hold this winter, and that the town was safe.</p>" * 3
    path.write_text(f"<html><body><nav>Menu</nav><article>{body}</article></body></html>", encoding="utf-8")
    claims = contradict.extract(path, lang="en")
    assert {claim.speaker for claim in claims} == {"The mayor"}
    assert claims[0].source == "paper.html"
    with pytest.raises(ClaimFileError, match="is no article"):
        contradict.extract(tmp_path / "paper.pdf")
    with pytest.raises(ClaimFileError, match="cannot be read"):
        contradict.extract(tmp_path / "nowhere.txt")
    with pytest.raises(ClaimError, match="pass the article as str"):
        contradict.extract(3)
    with pytest.raises(OptionError, match="no language pack 'xx'"):
        contradict.extract("Text.", lang="xx")


def test_the_command_line_extracts_compares_and_evaluates(tmp_path, capsys):
    path = tmp_path / "paper.txt"
    path.write_text(
        "The army said that the bridge was destroyed.\n\nThe mayor said that the bridge was not destroyed.\n"
    )
    assert main(["extract", str(path), "--out", str(tmp_path / "claims.jsonl")]) == 0
    assert main(["compare", str(path)]) == 0
    assert "The army" in capsys.readouterr().out
    assert main(["evaluate-attribution", str(FIXTURES / "attribution_ar.jsonl")]) == 0
    assert "ar all" in capsys.readouterr().out


def test_every_pack_can_be_read():
    for lang in languages():
        of = pack(lang)
        assert of.words("asserts")
        assert "X" in of.denied("X")


def test_one_of_two_who_speak_together_is_not_both() -> None:
    text = (
        "وقالت الولايات المتحدة وحلف شمال الأطلسي (الناتو) إن الغارات أصابت المدينة.\n"
        "وقال الناتو إن الطائرات عادت إلى القاعدة."
    )
    assert [claim.speaker for claim in contradict.extract(text, lang="ar")] == [
        "الولايات المتحدة وحلف شمال الأطلسي (الناتو)",
        "الناتو",
    ]


@pytest.mark.parametrize("text", ["He said \ud800 it hit.", "He said\x00 it hit."])
def test_what_no_text_holds_is_refused(text: str) -> None:
    with pytest.raises(ClaimError, match="text holds"):
        contradict.extract(text, lang="en")


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    def seconds(count: int) -> float:
        text = "\n".join(
            f"Minister Name{n} Surname{n} said that {n} planes were hit. He added that it was over. Surname{n} denied."
            for n in range(count)
        )
        began = time.perf_counter()
        assert len(contradict.extract(text, lang="en")) >= 2 * count
        return time.perf_counter() - began

    seconds(50)  # warm
    assert min(seconds(1600), seconds(1600)) < 4 * 8 * min(seconds(200), seconds(200))


@pytest.mark.parametrize(
    ("lang", "text", "speaker", "content"),
    [
        ("en", 'Dr Ann Reed said:\n\n"We have no beds.\n\n"Give it a week."', "Dr Ann Reed", "We have no beds"),
        (
            "ru",
            "Антон Гуров сказал:\n\n«Жалоб восемь. Все проверены.\n\nИтоги в среду».",
            "Антон Гуров",
            "Жалоб восемь",
        ),
        ("ru", "«Кто возместит убытки?» — спрашивают в мэрии.", "мэрии", "Кто возместит убытки?"),
        ("ru", "„Нам никто не звонил“, — рассказала порталу „Волна“ Нина Щеглова.", "Нина Щеглова", "Нам никто"),
        ("ru", 'Партия "Родной берег" заявила, что голоса подсчитаны верно.', 'Партия "Родной берег"', "голоса"),
        ("ar", "غير أن سكانا في البلدة قالوا لوكالة «آفاق» إن صاروخين سقطا قرب السوق.", "سكانا في البلدة", "صاروخين"),
        ("ar", "ووفقا لتقرير منظمة «أطباء الساحل»، تجاوز عدد الإصابات المئتين.", "تقرير منظمة «أطباء الساحل»", "تجاوز"),
    ],
)
def test_quotes_of_several_paragraphs_and_speakers_with_quoted_names(
    lang: str, text: str, speaker: str, content: str
) -> None:
    first = statements(text, pack(lang))[0]
    assert first.speaker is not None
    assert text[slice(*first.speaker)] == speaker
    assert text[slice(*first.content[0])].startswith(content)


def test_headlines_are_told_from_the_text_and_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text(
        "Strikes hit the port again\n\nFour people were killed at the port on Friday. "
        "The ministry said that nobody was killed at the port on Friday.\n",
        encoding="utf-8",
    )
    assert [claim.meta["kind"] for claim in contradict.extract(article, lang="en")] == [
        "headline",
        "article",
        "indirect",
    ]
    main(["compare", str(article), "--date", "2015-10-05", "--json", "-"])
    printed = capsys.readouterr()
    assert "1 of 3 not compared" in printed.err
    claims = contradict.Report.from_json(printed.out).claims
    assert len(claims) == 2
    assert [claim.meta["days"] for claim in claims] == [{"Friday": "2015-10-02"}] * 2


def test_several_articles_and_a_file_of_aliases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, speaker in (("a.txt", "Lavrov"), ("b.txt", "Sergey Lavrov")):
        (tmp_path / name).write_text(f"{speaker} said that the strikes hit the camp of the group.", encoding="utf-8")
    table = tmp_path / "aliases.toml"
    table.write_text('"Lavrov" = "Sergei Lavrov"\n"Sergey Lavrov" = "Sergei Lavrov"\n', encoding="utf-8")
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    found = contradict.extract(files, lang="en", aliases=table)
    assert [(claim.speaker, claim.source) for claim in found] == [
        ("Sergei Lavrov", "a.txt"),
        ("Sergei Lavrov", "b.txt"),
    ]
    main(["extract", *map(str, files), "--aliases", str(table), "--lang", "en"])
    assert capsys.readouterr().out.count('"speaker": "Sergei Lavrov"') == 2
    table.write_text('"Lavrov" = 1', encoding="utf-8")
    with pytest.raises(ClaimFileError, match="expected a name"):
        contradict.extract(files, aliases=table)
    with pytest.raises(ClaimFileError, match="cannot be read"):
        contradict.extract(files, aliases=tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("lang", "text", "parts"),
    [
        ("ar", "قالت الوزارة إن الطائرات أغارت على مواقع التنظيم ودمرت مخازن، ولم تصب المدنيين.", 3),
        ("ar", "قالت الوزارة إن الطائرات أغارت على مواقع التنظيم ودمرت مخازن كبيرة.", 2),
        ("en", "The ministry said that the jets hit two camps, and no civilian was hurt.", 2),
        ("en", "The ministry said that the jets hit two camps, and they returned to base.", 1),
        ("en", "The ministry said that the jets hit two camps; the nearest town was spared.", 2),
        ("en", "The ministry said that the jets hit two camps; they returned to base.", 1),
        ("en", "The ministry denied that the jets hit two camps, and no civilian was hurt.", 1),
        ("ru", "Министр заявил, что удар пришёлся по складу, и никто не пострадал.", 2),
    ],
)
def test_two_assertions_are_two_claims_where_the_second_stands_alone(lang: str, text: str, parts: int) -> None:
    found = contradict.extract(text, lang=lang)
    assert len(found) == parts
    assert len({claim.speaker for claim in found}) == 1
    for claim in found:
        assert claim.span is not None
        assert text[slice(*claim.span)] in claim.text


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("قالت وزارة الدفاع إن قواتها الجوية أغارت على مواقع التنظيم.", "قوات وزارة الدفاع الجوية أغارت"),
        ("قال المتحدث العسكري إن قواتها الجوية أغارت على مواقع التنظيم.", "قواتها الجوية أغارت"),
        ("قالت وزارة الدفاع إن القوات الجوية أغارت على مواقع التنظيم.", "القوات الجوية أغارت"),
    ],
)
def test_whose_it_is_is_named_where_the_speaker_agrees(text: str, begins: str) -> None:
    (claim,) = contradict.extract(text, lang="ar")
    assert claim.text.startswith(begins)


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("The monitor said it was not clear who had fired.", "The monitor", "it was not clear who had fired"),
        ("The monitor said at least 15 people were killed.", "The monitor", "at least 15 people were killed"),
        ("The monitor told reporters in an interview on Monday that it was over.", "The monitor", "it was over"),
        ("The monitor told the News Agency that it was over.", "The monitor", "it was over"),
        ("The army confirmed the raid and said that it was over.", "The army", "it was over"),
        ("For her part Ann Reed said that it was over.", "Ann Reed", "it was over"),
        ("On Monday the monitor said that it was over.", "the monitor", "it was over"),
        ("“It is over,” Rep. Ann Reed (D-Ohio) said months later.", "Rep. Ann Reed (D-Ohio)", "It is over,"),
        ("“Who will pay for it?” Reed demanded.", "Reed", "Who will pay for it?"),
        ("“Nobody will ever pay for it.” ― Ann Reed", "Ann Reed", "Nobody will ever pay for it."),
        ("Said Ann Reed: “Nobody will ever pay for it.”", "Ann Reed", "Nobody will ever pay for it."),
        ("Six planes were hit in the port the monitor said.", "the monitor", "Six planes were hit in the port"),
    ],
)  # fmt: skip
def test_what_belongs_to_the_speaker_and_what_to_the_content(text: str, speaker: str, content: str) -> None:
    found = statements(text, pack("en"))[-1]
    assert parts(text, found)[:2] == (speaker, content)


def test_an_arabic_quote_may_stand_before_its_verb() -> None:
    text = "«السد آمن تماما هذا الشتاء»، يقول الوزير. «والطريق مفتوح أيضا اليوم»."
    (found,) = statements(text, pack("ar"))
    assert parts(text, found)[:2] == ("الوزير", "السد آمن تماما هذا الشتاء … والطريق مفتوح أيضا اليوم")
    text = "«السد آمن تماما هذا الشتاء». وقال الوزير إن الطريق مفتوح اليوم."
    assert parts(text, statements(text, pack("ar"))[-1])[:2] == ("الوزير", "الطريق مفتوح اليوم")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The group of the Islamic State held the town for a year and a UN plan to evacuate it failed."),
        ("en", "An estimated 170000 people have been displaced by the war in the north."),
        ("en", "Other reports from the area offered different accounts of the casualties."),
        ("en", "We have seen the reports that the bridge and the dam were hit in the night."),
        ("ar", "اندلعت مواجهات عنيفة بين 4 و 11 نيسان في ريف حماة الشمالي."),
    ],
)
def test_nouns_and_names_that_look_like_verbs_attribute_nothing(lang: str, text: str) -> None:
    assert statements(text, pack(lang)) == []


def test_a_quote_is_not_part_of_what_another_is_quoted_for() -> None:
    text = (
        'Ann Reed said that the dam would hold, and when asked about the bridge, Ivan Petrov replied, "It is closed."'
    )
    first, second = statements(text, pack("en"))
    assert parts(text, first)[:2] == ("Ann Reed", "the dam would hold, and when asked about the bridge")
    assert parts(text, second)[:2] == ("Ivan Petrov", "It is closed.")


@pytest.mark.parametrize(
    ("lang", "text", "stance", "checkable"),
    [
        ("en", "The army could not confirm that the bridge had been hit.", "unsure", False),
        ("en", "The army not only said that the bridge had been hit.", "asserts", True),
        ("en", "Officials fear that the bridge had been hit twice.", "unsure", True),
        ("ru", "Министр не сказал, что мост был поражён дважды.", "unsure", False),
        ("ar", "ولم يؤكد الوزير أن الجسر أصيب مرتين أمس.", "unsure", False),
    ],
)
def test_what_is_not_said_is_nobodys_claim(lang: str, text: str, stance: str, checkable: bool) -> None:
    (claim,) = contradict.extract(text, lang=lang)
    assert (claim.meta["stance"], claim.meta["checkable"]) == (stance, checkable)


def test_who_doubts_a_thing_does_not_claim_it() -> None:
    (claim,) = contradict.extract("The mayor doubts that the bridge was hit.", lang="en")
    assert claim.text == "It is doubtful that the bridge was hit"


def test_figures_by_kind_are_those_of_a_count_by_hand(tmp_path: Path) -> None:
    text = '"It is over," Ann Reed said. She added that the dam would hold. "And now it will rain again," said Reed.'
    spans = [[1, 11], [43, 62], [65, 92]]
    kinds = ["direct", "indirect", "direct"]
    marked = [
        {
            "content_spans": [span],
            "speaker": "Ann Reed" if kind == "direct" else "She",
            "resolved": "Ann Reed",
            "kind": kind,
            "stance": "asserts",
        }
        for span, kind in zip(spans, kinds)
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"lang": "en", "text": text, "statements": marked}), encoding="utf-8")
    found = evaluate_attribution([path])["en"]
    assert (found["direct"].gold, found["direct"].found, found["direct"].recall, found["direct"].precision) == (
        2,
        2,
        1,
        1,
    )
    assert (found["indirect"].gold, found["indirect"].found, found["indirect"].resolved) == (1, 1, 1)
    assert (found["all"].f1, found["all"].exact_f1, found["all"].speaker, found["all"].stance) == (1, 1, 1, 1)
