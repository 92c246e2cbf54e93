"""Train the judge, and write it as int8 ONNX where the package expects it.

    python -m benchmarks.training.judge SUITES PUBMED.xml.gz --work DIR [--minutes 44] [--start STATE.pt]
                                        [--keep STATE.pt] [--blend STATE.pt SHARE]

SUITES is a folder with scifact-train, pubmedqa-unlabelled, bioasq-abstracts, evidence-inference and bioasq. The model
starts from all-MiniLM-L6-v2, or goes on from a state that an earlier run kept (--keep). At the end its weights may be
averaged with those of an earlier state, of which SHARE is kept (a model soup, Wortsman et al. 2022): what was learned
later from few questions by heart is forgotten, the rest is not. A step sees four questions, each with one record that
answers and a few that do not; the loss is a softmax over all sentences read for a question, and a cross-entropy that
keeps the scores absolute.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from benchmarks.training.instances import Instance, Reading, of_snippets, of_suite, of_titles
from benchmarks.training.kinds import of_kinds
from qa.answering import judge
from qa.embedding import tokenizer_file
from qa.evaluation.suite import load
from qa.reading import read
from qa.schema import Record

SEED = 0
SUITES = ("scifact-train", "pubmedqa-unlabelled", "bioasq-abstracts", "evidence-inference")

#: Records without an answer that are read beside one with; and how often a question is seen in an epoch.
OTHERS = {"scifact-train": 2, "bioasq-abstracts": 2, "bioasq": 2, "titles": 0}
REPEATS = {
    "scifact-train": 3.0,
    "pubmedqa-unlabelled": 2.0,
    "bioasq-abstracts": 6.0,
    "bioasq": 0.5,
    "titles": 0.6,
    "kinds": 0.9,
}

QUESTIONS, WINDOWS = 4, 8
TITLE_DROPPED = 0.25
ENCODER_RATE, HEAD_RATE, WARM_UP = 1e-4, 5e-4, 80


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


def loss(model: Model, reader: Reader, batch: Sequence[Instance], rng: random.Random) -> Any:
    windows: list[judge.Window] = []
    spans: list[tuple[int, int]] = []
    labels: list[list[bool]] = []
    for instance in batch:
        others = [reading for reading in instance.readings if not reading.gold]
        chosen = [rng.choice([reading for reading in instance.readings if reading.gold])]
        chosen += rng.sample(others, min(OTHERS.get(instance.suite, 1), len(others)))
        title = rng.random() >= TITLE_DROPPED
        start = len(windows)
        for reading in chosen:
            windows += reader.windows(instance.question, reading, title)
        spans.append((start, len(windows)))
        labels.append([answer for reading in chosen for answer in reading.answers])
    scores = score(model, windows)
    total: Any = 0.0
    flat = [torch.cat(scores[start:end]) for start, end in spans]
    for values, answers in zip(flat, labels, strict=True):
        shares = functional.log_softmax(values, 0)[torch.tensor(answers)]
        total = total - 0.5 * (torch.logsumexp(shares, 0) + shares.mean())
    truth = torch.tensor([float(answer) for answers in labels for answer in answers])
    absolute = functional.binary_cross_entropy_with_logits(torch.cat(flat), truth, pos_weight=torch.tensor(4.0))
    return total / len(batch) + 0.5 * absolute


def batches(instances: Sequence[Instance], rng: random.Random) -> Iterator[list[Instance]]:
    pool = []
    for instance in instances:
        times = REPEATS.get(instance.suite, 1.0)
        pool += [instance] * (int(times) + (rng.random() < times % 1))
    while True:
        rng.shuffle(pool)
        for start in range(0, len(pool) - QUESTIONS, QUESTIONS):
            yield pool[start : start + QUESTIONS]


def train(instances: Sequence[Instance], minutes: float, start: Path | None = None) -> Model:
    torch.manual_seed(SEED)
    rng, reader, model = random.Random(SEED), Reader(), Model()
    if start:
        model.load_state_dict(torch.load(start, weights_only=True))
    model.bert.embeddings.requires_grad_(False)
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in named if name.startswith("bert")], "lr": ENCODER_RATE},
        {"params": [p for name, p in named if not name.startswith("bert")], "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    started = time.monotonic()
    for step, batch in enumerate(batches(instances, rng)):
        done = (time.monotonic() - started) / (60 * minutes)
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, (ENCODER_RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * max(0.01, min(1, step / WARM_UP) * (1 - done))
        value = loss(model, reader, batch, rng)
        optimizer.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            print(f"{100 * done:.0f} % step {step} loss {value.item():.3f}", flush=True)
    return model.eval()


def blend(model: Model, earlier: Path, share: float) -> None:
    """Replace a model's weights by their average with an earlier state's, of which ``share`` (0 to 1) is kept."""
    before, after = torch.load(earlier, weights_only=True), model.state_dict()
    both = {name: share * before[name] + (1 - share) * after[name] for name in after if after[name].is_floating_point()}
    model.load_state_dict({**after, **both})


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path)
    parser.add_argument("pubmed", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the suites' libraries")
    parser.add_argument("--minutes", type=float, default=44)
    parser.add_argument("--start", type=Path, help="go on from this state")
    parser.add_argument("--blend", nargs=2, metavar=("STATE", "SHARE"), help="average with a share of this state")
    parser.add_argument("--keep", type=Path, help="keep the state at the end in this file")
    options = parser.parse_args()
    instances = [instance for name in SUITES for instance in of_suite(options.suites / name, options.work)]
    asked = list(load(options.suites / "bioasq-abstracts").questions.values())
    instances += [*of_snippets(options.suites / "bioasq", asked), *of_titles(options.pubmed)]
    corpora = [options.pubmed, *(options.suites / name / "corpus.jsonl" for name in (SUITES[0], SUITES[3], "pubmedqa"))]
    instances += of_kinds(entry for path in corpora for entry in read(path) if isinstance(entry, Record))
    learned = [instance for instance in instances if not instance.held_out]
    print(f"{len(learned)} questions to learn from, {len(instances) - len(learned)} held out")
    model = train(learned, options.minutes, options.start)
    if options.blend:
        blend(model, Path(options.blend[0]), float(options.blend[1]))
    if options.keep:
        torch.save(model.state_dict(), options.keep)
    export(model, judge.MODEL)


if __name__ == "__main__":
    main()
