"""Every action of the program, registered once: menus, keys and the key sheet read this table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True, slots=True)
class Act:
    """One action: its stable name, its words, its menu and its keys.

    Attributes:
        name: what scripts and tests call it.
        text: the menu entry.
        menu: top menu, with `▸` before a submenu.
        keys: shortcuts, the first is shown.
        mac_keys: other shortcuts on macOS, where Ctrl is the Command key.
        group: in a group exactly one action is checked.
        checkable: it is a switch.
        new_block: a line stands above it in the menu.
    """

    name: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    mac_keys: tuple[str, ...] = ()
    group: str = ""
    checkable: bool = False
    new_block: bool = False


ACTS = (
    Act("model.open", "Open a model…", "File", ("Ctrl+O",)),
    Act("session.open", "Open a session…", "File", ("Ctrl+Shift+O",), new_block=True),
    Act("session.save", "Save the session", "File", ("Ctrl+S",)),
    Act("session.save_as", "Save the session as…", "File", ("Ctrl+Shift+S",)),
    Act("session.overwrite", "Save over what is on disk", "File"),
    Act("file.close", "Close", "File", ("Ctrl+W",), new_block=True),
    Act("file.quit", "Quit", "File", ("Ctrl+Q",)),
    Act("edit.undo", "Undo", "Edit", ("Ctrl+Z",)),
    Act("edit.redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Act("text.mask", "Hide the word", "Edit", ("Ctrl+M",), ("Meta+M",), new_block=True),
    Act(
        "text.mask_pieces",
        "Hide the word, one [MASK] a piece",
        "Edit",
        ("Ctrl+Shift+M",),
        ("Meta+Shift+M",),
    ),
    Act("text.fix_mask", "Make it [MASK]", "Edit"),
    Act("text.fill", "Fill the blanks one by one", "Edit"),
    Act("text.pair", "Second sentence", "Edit", checkable=True),
    Act("text.swap", "Swap the sentences", "Edit"),
    Act("text.reverse", "Reverse the words", "Edit"),
    Act("text.save_sentence", "Save this sentence", "Edit", checkable=True),
    Act("text.find", "Find in the text", "Edit", ("Ctrl+F",), new_block=True),
    Act("text.find_next", "Find next", "Edit", ("F3",)),
    Act("text.find_previous", "Find previous", "Edit", ("Shift+F3",)),
    Act("view.copy", "Copy this view", "Edit", ("Ctrl+Shift+C",), new_block=True),
    Act("go.text", "To the text", "View", ("Ctrl+L",)),
    Act("go.pair", "To the second sentence", "View", ("Ctrl+Shift+L",)),
    Act("word.ask", "What about …", "View", ("Ctrl+J",)),
    Act("go.region_next", "Next region", "View", ("F6",)),
    Act("go.region_previous", "Previous region", "View", ("Shift+F6",)),
    Act("blank.next", "Next blank", "View", ("F4",), new_block=True),
    Act("blank.previous", "Previous blank", "View", ("Shift+F4",)),
    Act("head.previous", "Head before", "View", ("F7",)),
    Act("head.next", "Head after", "View", ("F8",)),
    Act("layer.previous", "Layer before", "View", ("Shift+F7",)),
    Act("layer.next", "Layer after", "View", ("Shift+F8",)),
    Act("head.find", "Find a head…", "View", ("Ctrl+Shift+H",)),
    Act("place.previous", "Place before", "View", ("Ctrl+PgUp",), new_block=True),
    Act("place.next", "Place after", "View", ("Ctrl+PgDown",)),
    Act("tab.next", "Next tab", "View", ("Ctrl+Tab",), ("Meta+Tab",)),
    Act("tab.previous", "Tab before", "View", ("Ctrl+Shift+Tab",), ("Meta+Shift+Tab",)),
    Act("view.fold", "Fold [CLS] and [SEP]", "View", checkable=True, new_block=True),
    Act("view.fold_punctuation", "Fold punctuation", "View", checkable=True),
    Act("view.words", "Merge pieces to words", "View", checkable=True),
    Act("kind.weight", "Weight", "View▸Kind of number", group="kind"),
    Act("kind.norm", "Norm-weighted", "View▸Kind of number", group="kind"),
    Act("kind.gradient", "Gradient × weight", "View▸Kind of number", group="kind"),
    Act("kind.mean", "Mean of heads", "View▸Kind of number", group="kind"),
    Act("kind.rollout", "Rollout", "View▸Kind of number", group="kind"),
    Act("kind.flow", "Flow", "View▸Kind of number", group="kind"),
    Act("scale.root", "√ on 0–1", "View▸Scale of weights", group="scale"),
    Act("scale.linear", "Linear on 0–1", "View▸Scale of weights", group="scale"),
    Act("scale.row", "Per row", "View▸Scale of weights", group="scale"),
    Act("scale.map", "Per map", "View▸Scale of weights", group="scale"),
    Act("scale.log", "Logarithmic", "View▸Scale of weights", group="scale"),
    Act("view.count_from_zero", "Count layers and heads from 0", "View", checkable=True),
    Act("palette.ink", "Ink", "View▸Colours of weights", group="palette"),
    Act("palette.viridis", "Viridis", "View▸Colours of weights", group="palette"),
    Act("palette.cividis", "Cividis", "View▸Colours of weights", group="palette"),
    Act("theme.system", "System", "View▸Theme", group="theme"),
    Act("theme.light", "Light", "View▸Theme", group="theme"),
    Act("theme.dark", "Dark", "View▸Theme", group="theme"),
    Act("text_size.larger", "Larger text", "View", ("Ctrl++", "Ctrl+="), new_block=True),
    Act("text_size.smaller", "Smaller text", "View", ("Ctrl+-",)),
    Act("text_size.reset", "Usual text size", "View", ("Ctrl+0",)),
    Act("view.full_screen", "Full screen", "View", ("F11",), ("Meta+Ctrl+F",), checkable=True),
    Act("view.restore_layout", "Restore layout", "View"),
    Act("model.bundled", "Open the bundled model", "Model"),
    Act("model.reload", "Read the model again", "Model"),
    Act("model.trust", "What was loaded", "Model"),
    Act("device.cpu", "CPU", "Model▸Device", group="device"),
    Act("device.cuda", "CUDA", "Model▸Device", group="device"),
    Act("device.mps", "MPS", "Model▸Device", group="device"),
    Act("precision.float32", "float32", "Model▸Precision", group="precision"),
    Act("precision.bfloat16", "bfloat16", "Model▸Precision", group="precision"),
    Act("precision.compare", "Compare with float32", "Model"),
    Act("model.resume", "Go on with the download", "Model", new_block=True),
    Act("model.retry_download", "Try the download again", "Model"),
    Act("model.cancel_download", "Cancel the download", "Model"),
    Act("engine.stop_waiting", "Stop waiting", "Model", new_block=True),
    Act("engine.restart", "Restart the engine", "Model"),
    Act("change.left_only", "Left only", "Experiment", checkable=True),
    Act("change.silence", "Silence this head", "Experiment", checkable=True),
    Act("change.weights", "Edit weights", "Experiment"),
    Act("measures.file", "Measure heads over a file…", "Experiment", new_block=True),
    Act("change.restore", "Restore BERT", "Experiment", ("Ctrl+Shift+R",), new_block=True),
    Act("help.view", "This view explained", "Help", ("F1",)),
    Act("help.keys", "All keys", "Help", ("Shift+F1",)),
    Act("help.diagnostics", "Diagnostics", "Help", new_block=True),
    Act("help.check", "Check installation", "Help"),
    Act("help.profile", "Copy where the time of keys goes", "Help"),
)


def place_acts(names: Mapping[int, str]) -> tuple[Act, ...]:
    """The actions that open the places there are."""
    return tuple(
        Act(f"place.{number}", f"{number} {name}", "View▸Place", (f"Ctrl+{number}",))
        for number, name in names.items()
    )


EXTRA_KEYS = (
    ("F9 held", "show BERT as is while held"),
    ("Esc", "let go of one thing"),
    ("Double click", "on a piece: hide its word, or give it back; on a word of Answer: put it in"),
    ("Arrows, Home, End", "in a picture: move the pin"),
    ("Enter", "in a picture: as a double click"),
    ("Ctrl+Enter", "in a picture: as Ctrl click, keep this too"),
    ("Shift+Enter", "on a head: as Shift click, keep its whole layer"),
    ("Ctrl+wheel", "enlarge the picture under the mouse"),
    ("Menu, Shift+F10", "all you can do with the thing under the focus"),
)


class Actions:
    """The actions as Qt has them, each bound to what it does.

    Raises KeyError when an action has nothing to do, or something to do has no action.
    """

    def __init__(
        self, window: QWidget, bindings: Mapping[str, Callable[[], object]], acts: tuple[Act, ...]
    ) -> None:
        names = {act.name for act in acts}
        if names != set(bindings):
            raise KeyError(f"actions and what they do differ: {sorted(names ^ set(bindings))}")
        self.acts = acts
        self._groups: dict[str, QActionGroup] = {}
        self._actions: dict[str, QAction] = {}
        for act in acts:
            self._actions[act.name] = self._action(window, act, bindings[act.name])

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @property
    def all(self) -> Mapping[str, QAction]:
        """Every action by its name."""
        return self._actions

    def check(self, *names: str) -> None:
        """Check some of the actions; of a group, no other then is."""
        for name in names:
            self._actions[name].setChecked(True)

    def fill(self, bar: QMenuBar) -> None:
        """Put every action into its menu, in the order of the table."""
        menus: dict[str, QMenu] = {}
        for act in self.acts:
            top, _, sub = act.menu.partition("▸")
            if top not in menus:
                menus[top] = bar.addMenu(f"&{top}")
            if act.menu not in menus:
                menus[act.menu] = menus[top].addMenu(sub)
            if act.new_block:
                menus[act.menu].addSeparator()
            menus[act.menu].addAction(self._actions[act.name])

    def _action(self, window: QWidget, act: Act, does: Callable[[], object]) -> QAction:
        action = QAction(act.text, window)
        action.setObjectName(act.name)
        action.setShortcuts([QKeySequence(key) for key in keys_of(act)])
        action.setCheckable(act.checkable or bool(act.group))
        action.triggered.connect(lambda: does())
        if act.group:
            if act.group not in self._groups:
                self._groups[act.group] = QActionGroup(window)
            self._groups[act.group].addAction(action)
        window.addAction(action)
        return action


def keys_of(act: Act) -> tuple[str, ...]:
    """The shortcuts of an action on this system."""
    return act.mac_keys if act.mac_keys and sys.platform == "darwin" else act.keys


def key_table(acts: tuple[Act, ...]) -> list[tuple[str, str]]:
    """All keys and what they do, for the key sheet."""
    rows = []
    for act in acts:
        keys = [
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            for key in keys_of(act)
        ]
        if keys:
            rows.append((", ".join(keys), act.text))
    return rows + list(EXTRA_KEYS)
