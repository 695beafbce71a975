"""The network and its optimizer: takes steps, is judged, and can be put away and taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from bertviz_app.bert.network import Bert
from bertviz_app.training.batches import Batch
from bertviz_app.training.forward import Forward, Losses
from bertviz_app.training.recipe import Recipe

_MOMENTS = ("exp_avg", "exp_avg_sq", "step")
"""What AdamW keeps for each parameter."""


class Quality(NamedTuple):
    """How good the network is: nats per blank and per pair, and the share of blanks guessed."""

    words: float
    pairs: float
    right: float


class Learner:
    """Teaches one network."""

    def __init__(self, network: Bert, recipe: Recipe, *, compiles: bool = False) -> None:
        self.network = network
        self._recipe = recipe
        self._parameters = dict(network.named_parameters())  # a tied table once
        device = next(iter(self._parameters.values())).device
        dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
        self._judging = Forward(network, dtype)
        self._plain = Forward(network, dtype, dropout=recipe.dropout)
        self._learning = self._plain
        if compiles:
            self._learning = Forward(network, dtype, dropout=recipe.dropout, compiles=True)
        groups: dict[float, list[nn.Parameter]] = {recipe.decay: [], 0.0: []}
        for name, parameter in self._parameters.items():
            decays = parameter.ndim > 1 and not name.startswith("embeddings.")
            groups[recipe.decay if decays else 0.0].append(parameter)
        self._optimizer = torch.optim.AdamW(
            [{"params": some, "weight_decay": decay} for decay, some in groups.items()],
            lr=recipe.rate,
            betas=(0.9, 0.98),
            eps=1e-6,
            fused=True,
        )

    def get_ready(self, batches: Iterable[Batch]) -> str:
        """Compile what is compiled, with one batch of each length, and learn nothing.

        Where that fails the network learns without; returns why, or nothing.
        """
        if self._learning is self._plain:
            return ""
        try:
            for batch in batches:
                self.losses(batch)
        except Exception as error:  # a compiler has many ways to be missing
            self._learning = self._plain
            return f"{type(error).__name__}: {error}".partition("\n")[0]
        finally:
            self.forget()
        return ""

    def losses(self, batch: Batch) -> Losses:
        """What a batch costs, and the way back from it: gradients are added up."""
        losses = self._learning(batch)
        (losses.words + self._recipe.next_sentence * losses.pairs).backward()  # type: ignore[no-untyped-call]
        return Losses(*(loss.detach() for loss in losses))

    def learn(self, batch: Batch, rate: float, seed: int) -> Losses:
        """One step at the learning rate `rate`; `seed` decides what dropout drops."""
        torch.manual_seed(seed)
        losses = self.losses(batch)
        torch.nn.utils.clip_grad_norm_(self._parameters.values(), self._recipe.clip)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        self.forget()
        return losses

    def forget(self) -> None:
        """Drop the gradients."""
        self._optimizer.zero_grad(set_to_none=True)

    def judge(self, batches: Iterable[Batch]) -> Quality:
        """The means over some batches; nothing is learned."""
        judged = [self._judging.judge(batch) for batch in batches]
        rows = [torch.stack([*losses, right]) for losses, right in judged]
        return Quality(*torch.stack(rows).mean(0).tolist())

    @property
    def is_sound(self) -> bool:
        """Whether every parameter is a number."""
        sums = [parameter.detach().sum() for parameter in self._parameters.values()]
        return bool(torch.stack(sums).isfinite().all())

    def put_away(self) -> dict[str, Tensor]:
        """Parameters and moments, on the CPU."""
        kept = {f"parameter/{name}": one.detach() for name, one in self._parameters.items()}
        for name, parameter in self._parameters.items():
            moments = self._optimizer.state.get(parameter, {})
            kept |= {f"{moment}/{name}": moments[moment] for moment in _MOMENTS if moments}
        return {name: tensor.cpu().contiguous() for name, tensor in kept.items()}

    def take_up(self, kept: dict[str, Tensor]) -> None:
        """Become what was put away.

        Raises:
            KeyError, ValueError: it is of another network.
        """
        for name, parameter in self._parameters.items():
            if kept[f"parameter/{name}"].shape != parameter.shape:
                raise ValueError(f"{name}: another shape")
            with torch.no_grad():
                parameter.copy_(kept[f"parameter/{name}"])
            self._optimizer.state[parameter] = {
                moment: kept[f"{moment}/{name}"].to(parameter.device, copy=True)
                for moment in _MOMENTS
            }
