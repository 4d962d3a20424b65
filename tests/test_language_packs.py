"""Seven languages beyond the three that go deep: direct quotes and the commonest indirect forms, in our own words."""

import pytest

import contradict

SAID = [  # language, sentence, and of each claim: speaker, text, kind, stance
    (
        "uk",
        "«Міст зруйновано, – сказав мер Іван Коваль. – Рух зупинено».",
        [("мер Іван Коваль", "Міст зруйновано … Рух зупинено", "direct", "asserts")],
    ),
    ("uk", "Міністр заявив, що удар припав по складу.", [("Міністр", "удар припав по складу", "indirect", "asserts")]),
    (
        "uk",
        "За словами генерала, міст було уражено двічі.",
        [("генерала", "міст було уражено двічі", "indirect", "asserts")],
    ),
    (
        "uk",
        "Міністерство спростувало, що школа постраждала.",
        [("Міністерство", "Неправда, що школа постраждала", "indirect", "rejects")],
    ),
    (
        "uk",
        "Речниця армії Ольга Мороз повідомила: «Жертв немає серед цивільних».",
        [("Речниця армії Ольга Мороз", "Жертв немає серед цивільних", "direct", "asserts")],
    ),
    (
        "uk",
        "Як повідомила поліція, дорогу до міста перекрито.",
        [("поліція", "дорогу до міста перекрито", "indirect", "asserts")],
    ),
    (
        "uk",
        "На думку експертів, гребля витримає цю зиму.",
        [("експертів", "гребля витримає цю зиму", "indirect", "asserts")],
    ),
    (
        "fr",
        "« Le pont est détruit », a déclaré le maire Jean Duval.",
        [("le maire Jean Duval", "Le pont est détruit", "direct", "asserts")],
    ),
    (
        "fr",
        "Le ministre a affirmé que la frappe avait touché un dépôt.",
        [("Le ministre", "la frappe avait touché un dépôt", "indirect", "asserts")],
    ),
    (
        "fr",
        "Selon l'armée, le pont a été touché deux fois.",
        [("l'armée", "le pont a été touché deux fois", "indirect", "asserts")],
    ),
    (
        "fr",
        "Le ministère dément que l'école ait été touchée.",
        [("Le ministère", "Il n'est pas vrai que l'école ait été touchée", "indirect", "rejects")],
    ),
    (
        "fr",
        "La porte-parole Marie Blanc a précisé : « Il n'y a aucune victime civile. »",
        [("La porte-parole Marie Blanc", "Il n'y a aucune victime civile.", "direct", "asserts")],
    ),
    ("fr", "D'après la police, la route est fermée.", [("la police", "la route est fermée", "indirect", "asserts")]),
    (
        "fr",
        "Le général a dit à l'AFP que la ville était calme.",
        [("Le général", "la ville était calme", "indirect", "asserts")],
    ),
    (
        "es",
        "«El puente está destruido», dijo el alcalde Juan Duarte.",
        [("el alcalde Juan Duarte", "El puente está destruido", "direct", "asserts")],
    ),
    (
        "es",
        "El ministro afirmó que el ataque alcanzó un depósito.",
        [("El ministro", "el ataque alcanzó un depósito", "indirect", "asserts")],
    ),
    (
        "es",
        "Según el ejército, el puente fue alcanzado dos veces.",
        [("el ejército", "el puente fue alcanzado dos veces", "indirect", "asserts")],
    ),
    (
        "es",
        "El ministerio negó que la escuela fuera alcanzada.",
        [("El ministerio", "No es cierto que la escuela fuera alcanzada", "indirect", "rejects")],
    ),
    (
        "es",
        "La portavoz Ana Blanco declaró: “No hay víctimas civiles en la ciudad”.",
        [("La portavoz Ana Blanco", "No hay víctimas civiles en la ciudad", "direct", "asserts")],
    ),
    (
        "es",
        "De acuerdo con la policía, la carretera está cerrada.",
        [("la policía", "la carretera está cerrada", "indirect", "asserts")],
    ),
    ("es", '"La presa aguantará", aseguró la ministra.', [("la ministra", "La presa aguantará", "direct", "asserts")]),
    (
        "es",
        "El general dijo a los periodistas que la ciudad estaba tranquila.",
        [("El general", "la ciudad estaba tranquila", "indirect", "asserts")],
    ),
    (
        "de",
        "„Die Brücke ist zerstört“, sagte Bürgermeister Jan Duhr.",
        [("Bürgermeister Jan Duhr", "Die Brücke ist zerstört", "direct", "asserts")],
    ),
    (
        "de",
        "Der Minister erklärte, dass der Angriff ein Depot getroffen habe.",
        [("Der Minister", "der Angriff ein Depot getroffen habe", "indirect", "asserts")],
    ),
    (
        "de",
        "Laut Armee wurde die Brücke zweimal getroffen.",
        [("Armee", "wurde die Brücke zweimal getroffen", "indirect", "asserts")],
    ),
    (
        "de",
        "Das Ministerium bestritt, dass die Schule getroffen wurde.",
        [("Das Ministerium", "Es stimmt nicht, dass die Schule getroffen wurde", "indirect", "rejects")],
    ),
    (
        "de",
        "Sprecherin Maria Weiß teilte mit: „Es gibt keine zivilen Opfer.“",
        [("Sprecherin Maria Weiß", "Es gibt keine zivilen Opfer.", "direct", "asserts")],
    ),
    (
        "de",
        "Nach Angaben der Polizei ist die Straße gesperrt.",
        [("der Polizei", "ist die Straße gesperrt", "indirect", "asserts")],
    ),
    ("de", "Der General sagte, die Stadt sei ruhig.", [("Der General", "die Stadt sei ruhig", "indirect", "asserts")]),
    (
        "de",
        "Die Straße sei gesperrt, sagte die Polizei.",
        [("die Polizei", "Die Straße sei gesperrt", "indirect", "asserts")],
    ),
    (
        "tr",
        '"Köprü yıkıldı" diyen Belediye Başkanı Ali Demir, yolun kapalı olduğunu söyledi.',
        [
            ("Belediye Başkanı Ali Demir", "Köprü yıkıldı", "direct", "asserts"),
            ("Belediye Başkanı Ali Demir", "yolun kapalı olduğunu", "indirect", "asserts"),
        ],
    ),
    (
        "tr",
        "Bakan, saldırının bir depoyu vurduğunu söyledi.",
        [("Bakan", "saldırının bir depoyu vurduğunu", "indirect", "asserts")],
    ),
    ("tr", "Orduya göre köprü iki kez vuruldu.", [("Orduya", "köprü iki kez vuruldu", "indirect", "asserts")]),
    (
        "tr",
        "Bakanlık, okulun vurulduğunu yalanladı.",
        [("Bakanlık", "Doğru değil: okulun vurulduğunu", "indirect", "rejects")],
    ),
    ("tr", 'Sözcü Ayşe Ak, "Sivil kayıp yok" dedi.', [("Sözcü Ayşe Ak", "Sivil kayıp yok", "direct", "asserts")]),
    ("tr", "Polis, yolun kapalı olduğunu açıkladı.", [("Polis", "yolun kapalı olduğunu", "indirect", "asserts")]),
    (
        "tr",
        'Başkan Ali Demir şöyle konuştu: "Baraj bu kış dayanacak."',
        [("Başkan Ali Demir", "Baraj bu kış dayanacak.", "direct", "asserts")],
    ),
    (
        "fa",
        "شهردار علی رضایی گفت: «پل ویران شده است».",
        [("شهردار علی رضایی", "پل ویران شده است", "direct", "asserts")],
    ),
    (
        "fa",
        "وزیر اعلام کرد که حمله به یک انبار برخورد کرد.",
        [("وزیر", "حمله به یک انبار برخورد کرد", "indirect", "asserts")],
    ),
    ("fa", "به گفته ارتش، پل دو بار هدف قرار گرفت.", [("ارتش", "پل دو بار هدف قرار گرفت", "indirect", "asserts")]),
    (
        "fa",
        "وزارت دفاع تکذیب کرد که مدرسه هدف قرار گرفته است.",
        [("وزارت دفاع", "درست نیست که مدرسه هدف قرار گرفته است", "indirect", "rejects")],
    ),
    ("fa", "سخنگوی پلیس افزود که جاده بسته است.", [("سخنگوی پلیس", "جاده بسته است", "indirect", "asserts")]),
    ("fa", "بر اساس گزارش پلیس، جاده بسته است.", [("پلیس", "جاده بسته است", "indirect", "asserts")]),
    ("zh", "市长李明说：“大桥已经被毁。”", [("市长李明", "大桥已经被毁。", "direct", "asserts")]),
    ("zh", "国防部表示，空袭击中了一座仓库。", [("国防部", "空袭击中了一座仓库", "indirect", "asserts")]),
    ("zh", "据警方称，道路已经封闭。", [("警方", "道路已经封闭", "indirect", "asserts")]),
    ("zh", "国防部否认学校遭到袭击。", [("国防部", "国防部否认学校遭到袭击", "indirect", "rejects")]),
    ("zh", "“没有平民伤亡，”发言人王芳说。", [("发言人王芳", "没有平民伤亡，", "direct", "asserts")]),
    ("zh", "根据军方的说法，大桥两次被击中。", [("军方", "大桥两次被击中", "indirect", "asserts")]),
    ("zh", "将军对记者说，城市很平静。", [("将军", "城市很平静", "indirect", "asserts")]),
]


@pytest.mark.parametrize(("lang", "text", "expected"), SAID)
def test_common_forms_are_read(lang, text, expected):
    found = contradict.extract(text, lang=lang)
    assert [(claim.speaker, claim.text, claim.meta["kind"], claim.meta["stance"]) for claim in found] == expected


def test_an_inverted_pronoun_is_the_last_speaker():
    text = "Le maire a dit que le pont tient. « Le barrage », a-t-il ajouté, « tiendra cet hiver »."
    assert [(claim.speaker, claim.text) for claim in contradict.extract(text, lang="fr")] == [
        ("Le maire", "le pont tient"),
        ("Le maire", "Le barrage … tiendra cet hiver"),
    ]


@pytest.mark.parametrize("lang", sorted({lang for lang, *_ in SAID}))
def test_plain_sentences_are_the_articles_own(lang):
    plain = {
        "uk": "Міст через річку закрито з понеділка.",
        "fr": "Le pont sur la rivière est fermé depuis lundi.",
        "es": "El puente sobre el río está cerrado desde el lunes.",
        "de": "Die Brücke über den Fluss ist seit Montag gesperrt.",
        "tr": "Nehrin üzerindeki köprü pazartesiden beri kapalı.",
        "fa": "پل روی رودخانه از دوشنبه بسته است.",
        "zh": "河上的大桥从周一起封闭。",
    }
    (claim,) = contradict.extract(plain[lang], lang=lang)
    assert (claim.speaker, claim.text) == (None, plain[lang])
