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
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from benchmarks.training.claims import of_claims
from benchmarks.training.instances import Instance, Reading, of_snippets, of_suite, of_titles
from benchmarks.training.kinds import of_kinds
from benchmarks.training.wording import Wording
from benchmarks.training.written import ASKED, CLAIMED, NATURAL, NEAR, of_written
from qa.answering import judge
from qa.embedding import tokenizer_file
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

QUESTIONS, WINDOWS = 6, 8

#: The first layers, which have learned enough for what comes after a start from the package's weights.
FROZEN = 2
TITLE_DROPPED = 0.25
#: How often the record that answers is cut to so many tokens; the others always are, to what is most like the question.
CUT, CUT_TO, OTHERS_TO = 0.5, 220, 200
ENCODER_RATE, HEAD_RATE, WARM_UP = 5e-5, 2e-4, 80


class Model(nn.Module):
    """Encoder, mean of each sentence's tokens, two layers to a log-odds."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(str(tokenizer_file().parent), add_pooling_layer=False)
        size = self.bert.config.hidden_size
        self.head, self.out = nn.Linear(size, size), nn.Linear(size, 1)
        for module in self.bert.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # on a processor, drawing the masks takes longer than the layers

    def forward(self, ids: Any, mask: Any, types: Any, pool: Any) -> Any:
        """Log-odds [windows, sentences]; ``pool`` float[windows, sentences, tokens] averages the tokens."""
        # While training, bfloat16 where it does no harm: 2.7 times as fast on a processor that has it.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state.float()
        return self.out(functional.gelu(self.head(torch.bmm(pool, hidden)))).squeeze(-1)


class Reader:
    """Readings → windows of tokens, each text tokenized once."""

    def __init__(self) -> None:
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer_file()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._known: dict[str, list[int]] = {}
        marks: Any = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]
        self._start, self._end = marks

    def tokens(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return self._known[text]

    def windows(self, question: str, reading: Reading, title: bool) -> list[judge.Window]:
        sentences = [self.tokens(sentence) for sentence in reading.sentences]
        named = self.tokens(reading.title) if title else []
        asked = self.tokens(question)
        room = judge.WINDOW - min(len(asked), judge.QUESTION) - min(len(named), judge.TITLE) - 3
        portions: list[list[list[int]]] = [[]]
        for sentence in sentences:
            taken = sum(min(len(one), judge.SENTENCE) + 1 for one in (*portions[-1], sentence))
            if taken > room and portions[-1]:
                portions.append([])
            portions[-1].append(sentence)
        return [judge.lay_out(asked, named, portion, self._start, self._end) for portion in portions]

    def cut(self, question: str, reading: Reading, room: int, rng: random.Random) -> Reading:
        """Fewer sentences of a record: those that answer come first, or those with most of the question's tokens."""
        asked = set(self.tokens(question))
        sentences = [self.tokens(sentence) for sentence in reading.sentences]
        promise = [len(asked & set(tokens)) + rng.random() for tokens in sentences]
        if any(reading.answers):
            order = sorted(range(len(sentences)), key=lambda i: (not reading.answers[i], rng.random()))
            promise = [-float(order.index(i)) for i in range(len(sentences))]
        lengths = {i: min(len(tokens), judge.SENTENCE) + 1 for i, tokens in enumerate(sentences)}
        kept = judge.choose(lengths, promise, room) or [promise.index(max(promise))]
        return Reading(
            reading.title,
            tuple(reading.sentences[i] for i in kept),
            tuple(reading.answers[i] for i in kept),
            reading.gold,
        )


def score(model: Model, windows: Sequence[judge.Window]) -> list[Any]:
    """The log-odds of the sentences of each window, computed in batches of like length."""
    order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
    found: list[Any] = [None] * len(windows)
    for start in range(0, len(order), WINDOWS):
        part = [windows[i] for i in order[start : start + WINDOWS]]
        length = max(len(window.ids) for window in part)
        ids, mask, types = (torch.zeros(len(part), length, dtype=torch.long) for _ in range(3))
        counts = [len({n for n in window.segments if n >= 0}) for window in part]
        pool = torch.zeros(len(part), max(counts), length)
        for row, window in enumerate(part):
            size = len(window.ids)
            ids[row, :size], types[row, :size], mask[row, :size] = (
                torch.tensor(window.ids),
                torch.tensor(window.types),
                1,
            )
            numbers = sorted({n for n in window.segments if n >= 0})
            pool[row, : len(numbers), :size] = torch.from_numpy(judge.pooling(window.segments, numbers))
        scores = model(ids, mask, types, pool)
        for row, i in enumerate(order[start : start + WINDOWS]):
            found[i] = scores[row, : counts[row]]
    return found


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


def shipped(model: Model, path: Path = judge.MODEL) -> dict[str, Any]:
    """The state of the package's model: int8 made float again."""
    graph = onnx.load(str(path)).graph
    values = {one.name: torch.from_numpy(onnx.numpy_helper.to_array(one).copy()) for one in graph.initializer}

    def whole(name: str) -> Any:
        zero, scale = values[f"{name}_zero_point"].float(), values[f"{name}_scale"].float()
        return (values[f"{name}_quantized"].float() - zero) * scale

    state = dict(model.state_dict())
    for name, value in values.items():
        parameter = name.split(".", 1)[-1]
        if name.startswith(("m.", "model.")) and parameter in state:
            state[parameter] = value.float()
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            parameter = ".".join(node.name.strip("/").removeprefix("model/").split("/")[:-1]) + ".weight"
            state[parameter] = whole(node.input[1].removesuffix("_quantized")).T.contiguous()
    return state  # the embeddings were never trained: they are the encoder's own


def mix(states: Sequence[tuple[dict[str, Any], float]]) -> dict[str, Any]:
    """The average of states by their weights."""
    total = sum(weight for _, weight in states)
    return {
        name: sum(state[name].float() * weight for state, weight in states) / total
        if value.is_floating_point()
        else value
        for name, value in states[0][0].items()
    }


class _Alone(nn.Module):
    """The model for one window at a time, which needs no mask: a fifth faster than with one."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Any, types: Any, pool: Any) -> Any:
        return self.model(ids, None, types, pool)


def export(model: Model, path: Path) -> None:
    """Write the model as ONNX with int8 weights."""
    model.bert.config._attn_implementation = "eager"
    ids = torch.randint(5, 2000, (1, 64))
    names = ["ids", "types", "pool"]
    axes = {
        "ids": {1: "tokens"},
        "types": {1: "tokens"},
        "pool": {1: "sentences", 2: "tokens"},
        "scores": {1: "sentences"},
    }
    with tempfile.TemporaryDirectory() as folder:
        plain = str(Path(folder) / "judge.onnx")
        inputs = (ids, torch.zeros_like(ids), torch.rand(1, 5, 64))
        options: dict[str, Any] = {"dynamo": False, "opset_version": 17, "dynamic_axes": axes}
        torch.onnx.export(_Alone(model), inputs, plain, input_names=names, output_names=["scores"], **options)
        quantize_dynamic(plain, str(path), weight_type=QuantType.QInt8, per_channel=True)


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
