"""The judge's network as it is trained: made, taken back from the package, averaged, exported."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from qa.answering import judge
from qa.embedding import tokenizer_file


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
