"""How each action stands: whether it is checked, whether it means something now, what it says."""

from __future__ import annotations

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Scale, WeightKind
from bertviz_app.session.session import Session
from bertviz_app.ui.view import waiting_for

SCALES = {
    "scale.root": Scale.ROOT,
    "scale.linear": Scale.LINEAR,
    "scale.row": Scale.ROW,
    "scale.map": Scale.MAP,
    "scale.log": Scale.LOG,
}

SWITCHES = {
    "view.fold": "fold",
    "view.fold_punctuation": "fold_punctuation",
    "view.words": "words",
}

KINDS = {
    "kind.weight": WeightKind.WEIGHT,
    "kind.norm": WeightKind.NORM,
    "kind.gradient": WeightKind.GRADIENT,
    "kind.mean": WeightKind.MEAN,
    "kind.rollout": WeightKind.ROLLOUT,
    "kind.flow": WeightKind.FLOW,
}


def checked_actions(session: Session) -> dict[str, bool]:
    """Which switches are on, by the name of their action."""
    snapshot = session.snapshot
    changes, options = snapshot.state.interventions, snapshot.options
    return {
        "text.pair": snapshot.state.pair is not None,
        **{name: getattr(options, option) for name, option in SWITCHES.items()},
        **{name: options.kind is kind for name, kind in KINDS.items()},
        "view.count_from_zero": options.first_number == 0,
        "change.left_only": changes.causal,
        "change.silence": snapshot.head in changes.heads_off,
        **{name: options.scale is scale for name, scale in SCALES.items()},
    }


def enabled_actions(snapshot: Snapshot) -> dict[str, bool]:
    """Which actions mean something now, by name; those that always do are left out."""
    facts, trace = snapshot.facts, snapshot.trace
    maskable = facts is not None and bool(facts.mask_token)
    return {
        "edit.undo": snapshot.can_undo,
        "edit.redo": snapshot.can_redo,
        "change.restore": bool(snapshot.state.interventions),
        "change.weights": _has_map(snapshot),
        "text.swap": snapshot.state.pair is not None,
        "text.fill": trace is not None and bool(trace.encoding.masks),
        "measures.file": facts is not None,
        "precision.compare": trace is not None,
        "model.reload": facts is not None,
        "model.trust": facts is not None,
        "engine.stop_waiting": bool(snapshot.catching_up or snapshot.running or snapshot.loading),
        "engine.restart": facts is not None,
        "text.mask": maskable,
        "text.mask_pieces": maskable,
    }


def worded_actions(snapshot: Snapshot) -> dict[str, str]:
    """What actions say that give the reason why they mean nothing now, by name."""
    words = "Edit weights" if _has_map(snapshot) else "Edit weights: there is no map yet"
    return {"change.weights": words}


def _has_map(snapshot: Snapshot) -> bool:
    return snapshot.trace is not None and not waiting_for(snapshot)
