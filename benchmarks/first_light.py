"""The command line against the same job in sentence-transformers, as whole processes, side by side.

    python -m benchmarks.first_light [--runs 5] [--models FOLDER] [--write]

The other side is what its documentation shows: `SentenceTransformer`, `util.paraphrase_mining`, and
`CrossEncoder.predict` both ways round, in float32 on torch, with models of the same size (twelve layers, width 384):
the same encoder, and a cross-encoder on the same weights whose classifier is not trained, since only its time counts
here. It judges as many pairs as `contradict compare` does, which is timed as it prints a table and as it writes JSON
(which holds topics and disputes too). The models are made once in a folder; reading them from
there is part of its time, as reading ours is of ours.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment

CLAIMS = ROOT / "fixtures" / "airstrikes.jsonl"

# Keeps large blocks instead of giving them back after each batch: torch is otherwise slowed by page faults.
ALLOCATION = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "4000000000"}

PEER = """
import json, sys
from sentence_transformers import CrossEncoder, SentenceTransformer, util
claims = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
budget = int(sys.argv[3])
encoder = SentenceTransformer(sys.argv[2] + "/encoder", device="cpu", local_files_only=True)
texts = ["query: " + claim["text"] for claim in claims]
mined = util.paraphrase_mining(encoder, texts, top_k=len(texts), max_pairs=len(texts) ** 2)
pairs = [(i, j) for _, i, j in mined if claims[i]["speaker"] != claims[j]["speaker"]][:budget]
nli = CrossEncoder(sys.argv[2] + "/nli", device="cpu", local_files_only=True)
forward = [(claims[i]["text"], claims[j]["text"]) for i, j in pairs]
both = forward + [(b, a) for a, b in forward]
scores = nli.predict(both, apply_softmax=True)
found = (scores[: len(pairs), 2] + scores[len(pairs):, 2]) / 2
print(len(pairs), int((found >= 0.5).sum()))
"""


def make_models(folder: Path) -> None:
    """Write the float32 encoder and a cross-encoder of its size in the formats of sentence-transformers."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

    from contradict.models.e5 import E5File
    from contradict.models.names import checkpoint_names

    file = E5File()
    tokenizer = Tokenizer(models.Unigram(list(zip(file.pieces, file.piece_scores.tolist())), unk_id=file.unk))
    steps = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", file.bos), ("</s>", file.eos)],
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        cls_token="<s>", sep_token="</s>", model_max_length=512,
    )  # fmt: skip
    shape = file.shape
    config = BertConfig(
        vocab_size=shape.vocabulary, hidden_size=shape.width, num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads, intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions, type_vocab_size=shape.token_types, num_labels=3,
        id2label={0: "entailment", 1: "neutral", 2: "contradiction"},
    )  # fmt: skip
    names = checkpoint_names(shape.layers)
    state = {names[own]: torch.tensor(weight) for own, weight in file.layer_weights().items()}
    state["embeddings.word_embeddings.weight"] = torch.tensor(file.float_tensor("emb.word")).view(-1, shape.width)
    base = BertModel(config, add_pooling_layer=False)
    base.load_state_dict(state, strict=False)
    base.save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    encoder = SentenceTransformer(modules=[transformer, Pooling(shape.width, pooling_mode="mean")], device="cpu")
    encoder.save(str(folder / "encoder"))
    torch.manual_seed(0)
    nli = BertForSequenceClassification(config)
    nli.bert.load_state_dict(state, strict=False)
    nli.save_pretrained(folder / "nli")
    fast.save_pretrained(folder / "nli")


def timed(command: list[str]) -> tuple[float, str]:
    """Return the seconds of a whole process, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | ALLOCATION)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Run both in turn and print, or write, times and ratios."""
    arguments = parser(__doc__)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--models", type=Path, default=Path(tempfile.gettempdir()) / "contradict-first-light")
    options = arguments.parse_args()
    if not (options.models / "nli" / "config.json").is_file():
        make_models(options.models)
    ours = [sys.executable, "-m", "contradict", "compare", str(CLAIMS)]
    as_json = [*ours, "--json", "-"]
    judged = json.loads(timed(as_json)[1])["counts"]["pairs_judged"]
    peer = [sys.executable, "-c", PEER, str(CLAIMS), str(options.models), str(judged)]
    timed(peer)
    runs = [(timed(ours)[0], timed(as_json)[0], timed(peer)[0]) for _ in range(options.runs)]
    table, full, theirs = zip(*runs)
    result = {
        "environment": environment(),
        "claims": len(CLAIMS.read_text(encoding="utf-8").splitlines()),
        "pairs_judged": judged,
        "seconds_sentence_transformers": [round(seconds, 2) for seconds in theirs],
    }
    for name, seconds in (("contradict", table), ("contradict_json", full)):
        ratios = [b / a for a, b in zip(seconds, theirs)]
        result |= {
            f"seconds_{name}": [round(a, 2) for a in seconds],
            f"ratio_{name}": [round(statistics.median(ratios), 2), round(min(ratios), 2)],
        }
    finish("first_light", result, write=options.write)


if __name__ == "__main__":
    main()
