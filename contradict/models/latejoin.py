"""The late-join NLI model as a torch module: for training and as the float32 reference.

Each claim is read alone through the lower layers; the states of two claims then meet in the upper layers, side by side,
and a head reads both directions from one joint pass. The idea is DeFormer's (Cao et al. 2020, arXiv:2005.00697) and
PreTTR's (MacAvaney et al. 2020, arXiv:2004.14255). The bundled model runs without torch: `contradict.models.bundled`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from contradict.verdicts import LABELS

if TYPE_CHECKING:
    from contradict.models.e5 import Shape

EPSILON = 1e-12


class Layer(nn.Module):
    """One BERT layer: self-attention and feed-forward, each with a residual and a layer norm behind it."""

    def __init__(self, width: int, heads: int, feed_forward: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = nn.Dropout(dropout)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.attention_out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, EPSILON)
        self.feed_in = nn.Linear(width, feed_forward)
        self.feed_out = nn.Linear(feed_forward, width)
        self.feed_norm = nn.LayerNorm(width, EPSILON)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Map states (batch, length, width) to the same shape; `mask` (batch, length) is True on tokens."""
        batch, length, width = states.shape

        def by_head(projection: nn.Linear) -> Tensor:
            return projection(states).view(batch, length, self.heads, -1).transpose(1, 2)

        # Written out: on a CPU the backward pass of torch's fused attention takes longer than all linear layers.
        query, key, value = by_head(self.query), by_head(self.key), by_head(self.value)
        scores = query @ key.transpose(2, 3) * (width // self.heads) ** -0.5
        weights = scores.masked_fill(~mask[:, None, None, :], float("-inf")).softmax(-1)
        context = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(batch, length, width)
        states = self.attention_norm(states + self.dropout(self.attention_out(context)))
        return self.feed_norm(states + self.dropout(self.feed_out(functional.gelu(self.feed_in(states)))))


class LateJoin(nn.Module):
    """The model.

    Parameters
    ----------
    shape
        Dimensions of the encoder it stands on.
    split
        Layers that read a claim alone, 0 (a plain cross-encoder) to ``shape.layers - 1``.
    dropout
        Share of what a layer adds, and of the head's input, that is set to 0 in training.
    """

    def __init__(self, shape: Shape, split: int, dropout: float = 0.0) -> None:
        super().__init__()
        if not 0 <= split < shape.layers:
            message = f"split is {split}, expected 0 to {shape.layers - 1}"
            raise ValueError(message)
        width = shape.width
        self.split = split
        self.position = nn.Embedding(shape.positions, width)
        self.token_type = nn.Embedding(shape.token_types, width)
        self.embedding_norm = nn.LayerNorm(width, EPSILON)
        self.layers = nn.ModuleList(Layer(width, shape.heads, shape.feed_forward, dropout) for _ in range(shape.layers))
        self.dropout = nn.Dropout(dropout)
        self.segment = nn.Embedding(2, width)
        self.head_in = nn.Linear(4 * width, width)
        self.head_out = nn.Linear(width, len(LABELS))

    def claim_states(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Read claims alone: token vectors (batch, length, width) to states of the same shape."""
        positions = torch.arange(tokens.shape[1])
        states = self.embedding_norm(tokens + self.position(positions) + self.token_type.weight[0])
        for layer in self.layers[: self.split]:
            states = layer(states, mask)
        return states

    def join(self, left: Tensor, left_mask: Tensor, right: Tensor, right_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Join two batches of states.

        Returns
        -------
        tuple of Tensor
            Logits (batch, 3) with the left claim as premise, and with the right one.
        """
        states = torch.cat([left + self.segment.weight[0], right + self.segment.weight[1]], dim=1)
        mask = torch.cat([left_mask, right_mask], dim=1)
        # Both sides were padded; here all padding goes behind the pair, and what no pair needs is cut off.
        order = mask.logical_not().byte().argsort(dim=1, stable=True)[:, : int(mask.sum(1).max())]
        states = states.gather(1, order[..., None].expand(-1, -1, states.shape[2]))
        mask, is_left = mask.gather(1, order), order < left.shape[1]
        for layer in self.layers[self.split :]:
            states = layer(states, mask)
        a, b = mean(states, mask & is_left), mean(states, mask & ~is_left)
        return self.head(a, b), self.head(b, a)

    def head(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        """Return logits (batch, 3) from two pooled claims (batch, width)."""
        features = torch.cat([premise, hypothesis, (premise - hypothesis).abs(), premise * hypothesis], dim=-1)
        return self.head_out(torch.tanh(self.head_in(self.dropout(features))))


def mean(states: Tensor, mask: Tensor) -> Tensor:
    """Average states (batch, length, width) over the tokens of the mask."""
    weights = mask.to(states.dtype)[..., None]
    return (states * weights).sum(1) / weights.sum(1)
