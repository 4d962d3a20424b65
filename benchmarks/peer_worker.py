"""One side of a comparison, in a process and, where need be, an environment of its own.

    PYTHON peer_worker.py SIDE MODELS

It reads one JSON object a line: the first sets it up (models are loaded and warmed), each further one is a job. To each
it answers with one line: the seconds it took and what came out. It imports nothing of the project but for the sides
named ``contradict``, since another package has the same import name.
"""

import json
import sys
import time


def both_ways(cross, pairs):
    """Judge pairs both ways round with a cross-encoder, as its documentation shows; return p(contradiction)."""
    scores = cross.predict([*pairs, *((b, a) for a, b in pairs)], batch_size=32, apply_softmax=True)
    return [round(float(a + b) / 2, 4) for a, b in zip(scores[: len(pairs), 2], scores[len(pairs) :, 2])]


def cross_encoder(models, job):
    """Run sentence-transformers, float32 on torch."""
    from sentence_transformers import CrossEncoder

    cross = CrossEncoder(f"{models}/nli", device="cpu", local_files_only=True)
    return lambda job: both_ways(cross, [tuple(pair) for pair in job["pairs"]])


def cross_encoder_int8(models, job):
    """Run sentence-transformers on ONNX Runtime, quantised by the function that its documentation names."""
    from pathlib import Path

    from sentence_transformers import CrossEncoder, export_dynamic_quantized_onnx_model

    folder = f"{models}/nli-onnx"
    name = "model_qint8_avx512_vnni.onnx"
    if not Path(folder, "onnx", name).is_file():
        model = CrossEncoder(f"{models}/nli", backend="onnx", local_files_only=True, device="cpu")
        model.save_pretrained(folder)
        export_dynamic_quantized_onnx_model(model, "avx512_vnni", folder)
    options = {"file_name": f"onnx/{name}", "provider": "CPUExecutionProvider"}
    cross = CrossEncoder(folder, backend="onnx", model_kwargs=options, local_files_only=True, device="cpu")
    return lambda job: both_ways(cross, [tuple(pair) for pair in job["pairs"]])


def pipeline(models, job):
    """Run sentence-transformers: encode and mine a pool; a job with pairs judges them."""
    from sentence_transformers import CrossEncoder, SentenceTransformer, util

    encoder = SentenceTransformer(f"{models}/encoder", device="cpu", local_files_only=True)
    cross = CrossEncoder(f"{models}/nli", device="cpu", local_files_only=True)

    def run(job):
        if "pairs" in job:
            return both_ways(cross, [tuple(pair) for pair in job["pairs"]])
        texts = ["query: " + text for text in job["texts"]]
        mined = util.paraphrase_mining(encoder, texts, top_k=job["top_k"])
        return [[i, j] for _, i, j in mined]

    return run


def scan(models, job):
    """Run contradict-text."""
    from contradict import ContradictionDetector

    detector = ContradictionDetector(nli_model=f"{models}/nli", embed_model=f"{models}/encoder")
    return lambda job: len(detector.scan(job["texts"]))


def contradict_verdicts(models, job):
    """Run the NLI model of this project."""
    from contradict.models.bundled import BundledNLI
    from contradict.verdicts import judge

    nli = BundledNLI()
    return lambda job: judge([tuple(pair) for pair in job["pairs"]], nli).contradiction.tolist()


def contradict_compare(models, job):
    """Run the detector of this project; tell which claims likely conflict, how many were judged, and the copies."""
    from contradict import Detector

    detector = Detector()

    def run(job):
        report = detector.compare(job["claims"], **job.get("options", {}))
        copies = {claim.id: [claim.id, *report.reprints.get(claim.id, ())] for claim in report.claims}
        likely = [
            [a, b]
            for pair in report.judged
            if pair.probability >= 0.5
            for a in copies[pair.a.id]
            for b in copies[pair.b.id]
        ]
        return {"likely": likely, "judged": report.counts.pairs_judged, "copies": list(copies.values())}

    return run


SIDES = (cross_encoder, cross_encoder_int8, pipeline, scan, contradict_verdicts, contradict_compare)


def main():
    """Answer jobs until there are none."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a peer prints is no answer
    side, models = sys.argv[1:]
    jobs = map(json.loads, sys.stdin)
    first = next(jobs)
    run = {one.__name__: one for one in SIDES}[side](models, first)
    run(first)
    answers.write(json.dumps({"seconds": None}) + "\n")
    answers.flush()
    for job in jobs:
        start = time.perf_counter()
        result = run(job)
        answers.write(json.dumps({"seconds": time.perf_counter() - start, "result": result}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
