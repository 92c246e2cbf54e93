"""Train the judge, and write it as int8 ONNX where the package expects it.

    python -m benchmarks.training.judge SUITES PUBMED.xml.gz --ontology hp.obo --wordnet DIR --work DIR
        [--fresh | --start STATE.pt] [--minutes 75] [--seed 0] [--keep STATE.pt] [--every 15] [--repeats SUITE:TIMES …]
    python -m benchmarks.training.judge --mix STATE.pt:0.5 STATE.pt:0.5 [shipped:0.2] [--keep STATE.pt]

SUITES is a folder with scifact-train, pubmedqa-unlabelled, bioasq-abstracts, evidence-inference and bioasq; what is
learned from is kept in DIR/instances.jsonl, and taken from there when it is there already. The model goes on from the
weights in the package, which are int8 and made float again, or from a state that an earlier run kept, or, ``--fresh``,
starts from all-MiniLM-L6-v2. The second
form averages states (a model soup, Wortsman et al. 2022) and writes the package's model: of runs with other seeds, and
of what was before.

A step sees a few questions, each with one record that answers and a few that do not; the loss is a softmax over all
sentences read for a question, and a cross-entropy that keeps the scores absolute. Questions are put in other words
(``wording.py``) and windows are cut short, now and then.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from benchmarks.training.claims import of_claims
from benchmarks.training.instances import Instance, Reading, of_snippets, of_suite, of_titles
from benchmarks.training.kinds import of_kinds
from benchmarks.training.model import Model, export, mix, shipped
from benchmarks.training.windows import Reader, score
from benchmarks.training.wording import Wording
from benchmarks.training.written import ASKED, CLAIMED, NATURAL, NEAR, of_written
from qa.answering import judge
from qa.evaluation.suite import load
from qa.reading import read
from qa.schema import Record

SUITES = ("scifact-train", "pubmedqa-unlabelled", "bioasq-abstracts", "evidence-inference")

#: Records without an answer that are read beside one with; and how often a question is seen in an epoch.
OTHERS = {
    "scifact-train": 3,
    "bioasq-abstracts": 3,
    "bioasq": 2,
    "titles": 0,
    "claims": 2,
    "science": 2,
    ASKED: 1,
    CLAIMED: 2,
    NEAR: 1,
}
REPEATS = {
    "scifact-train": 1.5,
    "pubmedqa-unlabelled": 2.0,
    "bioasq-abstracts": 5.0,
    "titles": 0.6,
    "claims": 0.5,
    "science": 0.7,
}

QUESTIONS = 6

#: The first layers, which have learned enough for what comes after a start from the package's weights.
FROZEN = 2
TITLE_DROPPED = 0.25
#: How often the record that answers is cut to so many tokens; the others always are, to what is most like the question.
CUT, CUT_TO, OTHERS_TO = 0.5, 220, 200
ENCODER_RATE, HEAD_RATE, WARM_UP = 5e-5, 2e-4, 80


def loss(model: Model, reader: Reader, batch: Sequence[Instance], rng: random.Random, wording: Wording) -> Any:
    windows: list[judge.Window] = []
    spans: list[tuple[int, int]] = []
    labels: list[list[bool]] = []
    known: list[list[bool]] = []  # which labels are sure
    for instance in batch:
        question = wording.vary(instance.question, rng)
        others = [reading for reading in instance.readings if not reading.gold]
        if golden := [reading for reading in instance.readings if reading.gold]:
            own = rng.choice(golden)
        else:  # nothing answers, and the first comes nearest
            own, *others = others
        if rng.random() < CUT:
            own = reader.cut(question, own, CUT_TO, rng)
        others = rng.sample(others, min(OTHERS.get(instance.suite, 1), len(others)))
        chosen = [own, *(reader.cut(question, other, OTHERS_TO, rng) for other in others)]
        title = rng.random() >= TITLE_DROPPED and instance.suite not in ("claims", "science")
        start = len(windows)
        for reading in chosen:
            windows += reader.windows(question, reading, title)
        spans.append((start, len(windows)))
        labels.append([answer for reading in chosen for answer in reading.answers])
        known.append([not (instance.loose and reading.gold) for reading in chosen for _ in reading.answers])
    scores = score(model, windows)
    flat = [torch.cat(scores[start:end]) for start, end in spans]
    total: Any = 0.0
    for instance, values, answers in zip(batch, flat, labels, strict=True):
        if not any(answers):
            continue
        shares = functional.log_softmax(values, 0)[torch.tensor(answers)]
        any_of_them = torch.logsumexp(shares, 0)
        total = total - (any_of_them if instance.loose else 0.5 * (any_of_them + shares.mean()))
    truth = torch.tensor([float(answer) for answers in labels for answer in answers])
    sure = torch.tensor([one for some in known for one in some])
    absolute = functional.binary_cross_entropy_with_logits(
        torch.cat(flat)[sure], truth[sure], pos_weight=torch.tensor(4.0)
    )
    return total / len(batch) + 0.5 * absolute


def batches(
    instances: Sequence[Instance], repeats: Mapping[str, float], rng: random.Random
) -> Iterator[list[Instance]]:
    while True:
        pool = []
        for instance in instances:
            times = repeats.get(instance.suite, 1.0)
            pool += [instance] * (int(times) + (rng.random() < times % 1))
        rng.shuffle(pool)
        for start in range(0, len(pool) - QUESTIONS, QUESTIONS):
            yield pool[start : start + QUESTIONS]


def train(
    instances: Sequence[Instance],
    wording: Wording,
    minutes: float,
    seed: int,
    start: dict[str, Any] | None,
    repeats: Mapping[str, float],
    keep: Path | None,
    every: float,
) -> Model:
    torch.manual_seed(seed)
    rng, reader, model = random.Random(seed), Reader(), Model()
    if start:
        model.load_state_dict(start)
    model.bert.embeddings.requires_grad_(False)
    for layer in model.bert.encoder.layer[:FROZEN]:
        layer.requires_grad_(False)
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in named if name.startswith("bert")], "lr": ENCODER_RATE},
        {"params": [p for name, p in named if not name.startswith("bert")], "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    started, kept, recent = time.monotonic(), 0.0, []
    for step, batch in enumerate(batches(instances, repeats, rng)):
        passed = (time.monotonic() - started) / 60
        done = passed / minutes
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, (ENCODER_RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * max(0.01, min(1, step / WARM_UP) * (1 - done))
        value = loss(model, reader, batch, rng, wording)
        optimizer.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent.append(value.item())
        if step % 100 == 0:
            print(f"{100 * done:.0f} % step {step} loss {sum(recent) / len(recent):.3f}", flush=True)
            recent = []
        if keep and passed - kept >= every:
            kept = passed
            torch.save(model.state_dict(), keep)
    if keep:
        torch.save(model.state_dict(), keep)
    return model.eval()


def everything(suites: Path, pubmed: Path, work: Path) -> Iterator[Instance]:
    """All that is learned from, and what is kept for later."""
    for name in SUITES:
        yield from of_suite(suites / name, work)
    yield from of_snippets(suites / "bioasq", list(load(suites / "bioasq-abstracts").questions.values()))
    abstracts = [record for record in _records(pubmed) if record.abstract][NATURAL:]
    yield from of_titles(abstracts)
    corpora = [_records(suites / name / "corpus.jsonl") for name in (SUITES[0], SUITES[3], "pubmedqa")]
    yield from of_kinds(record for records in (abstracts, *corpora) for record in records)
    yield from of_written(abstracts)
    yield from of_written(_records(suites / SUITES[0] / "corpus.jsonl"))
    yield from of_claims(_records(suites / SUITES[0] / "corpus.jsonl"), "science", 2500)
    yield from of_claims([*abstracts, *_records(suites / SUITES[3] / "corpus.jsonl")], "claims", 3000)


def _records(path: Path) -> Iterator[Record]:
    return (entry for entry in read(path) if isinstance(entry, Record))


def kept_in(path: Path, made: Iterable[Instance]) -> list[Instance]:
    """What the file keeps; or, where there is none, what is made, and is kept there from now on."""
    if not path.exists():
        lines = [json.dumps(asdict(instance)) for instance in made]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        readings = [
            Reading(one["title"], tuple(one["sentences"]), tuple(one["answers"]), one["gold"])
            for one in fields.pop("readings")
        ]
        found.append(Instance(**fields, readings=tuple(readings)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path, nargs="?")
    parser.add_argument("pubmed", type=Path, nargs="?")
    parser.add_argument("--ontology", type=Path, help="hp.obo of the Human Phenotype Ontology")
    parser.add_argument("--wordnet", type=Path, help="the folder of WordNet's database files")
    parser.add_argument("--work", type=Path, help="a folder for the suites' libraries and what is learned from")
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="start from all-MiniLM-L6-v2")
    parser.add_argument("--start", type=Path, help="go on from this state")
    parser.add_argument("--repeats", nargs="+", default=[], metavar="SUITE:TIMES", help="instead of REPEATS")
    parser.add_argument("--keep", type=Path, help="keep the state in this file")
    parser.add_argument("--every", type=float, default=15, help="and so many minutes")
    parser.add_argument("--mix", nargs="+", metavar="STATE:SHARE", help="average these ('shipped' is the package's)")
    options = parser.parse_args()
    if options.mix:
        model = Model()
        parts = [one.rsplit(":", 1) for one in options.mix]
        states = [(shipped(model) if name == "shipped" else torch.load(name, weights_only=True)) for name, _ in parts]
        model.load_state_dict(mix([(state, float(part[1])) for state, part in zip(states, parts, strict=True)]))
        if options.keep:
            torch.save(model.state_dict(), options.keep)
        export(model.eval(), judge.MODEL)
        return
    made = everything(options.suites, options.pubmed, options.work)
    instances = kept_in(options.work / "instances.jsonl", made)
    learned = [instance for instance in instances if not instance.held_out]
    counts: dict[str, int] = {}
    for instance in learned:
        counts[instance.suite] = counts.get(instance.suite, 0) + 1
    print(f"{counts} to learn from, {len(instances) - len(learned)} held out", flush=True)
    start = None if options.fresh else shipped(Model())
    if options.start:
        start = torch.load(options.start, weights_only=True)
    repeats = {**REPEATS, **{name: float(times) for name, times in (one.split(":") for one in options.repeats)}}
    learn = partial(train, learned, Wording(options.ontology, options.wordnet), options.minutes, options.seed)
    learn(start, repeats, options.keep, options.every)


if __name__ == "__main__":
    main()
