"""Models on the hub: their names as they may be typed, and those that are offered by name."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from bertviz_app.core.errors import BertVizError

MAIN = "main"

_HUB = "https://huggingface.co"
_HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co"}
_OTHER_THINGS = {"datasets": "a data set", "spaces": "a demonstration", "collections": "a list"}
_MARKS = ("tree", "blob", "resolve", "raw", "commit")
_LONGEST = 96
_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_REPOSITORY = re.compile(rf"(?:{_PART}/)?{_PART}")
_REVISION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,78}[A-Za-z0-9])?")


class HubError(BertVizError):
    """Something about the hub went wrong.

    Attributes:
        wait: seconds after which another try may succeed; None if none will.
    """

    def __init__(self, sentence: str, detail: str = "", *, wait: float | None = None) -> None:
        super().__init__(sentence, detail)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class HubName:
    """A model on the hub; `parse_hub_name` makes one of what was typed.

    Attributes:
        repository: "name" or "owner/name": plain ASCII, safe as a relative path.
        revision: a branch, a tag or a commit.
    """

    repository: str
    revision: str = MAIN

    def __str__(self) -> str:
        return self.repository if self.revision == MAIN else f"{self.repository}@{self.revision}"


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that is offered by name, with a few words on it."""

    name: str
    words: str


_MINIATURE = "English, lower case, a miniature"
OFFERED = (
    Offered("bert-base-uncased", "12 × 12 × 768, English, lower case: the BERT of the paper"),
    Offered("bert-base-cased", "12 × 12 × 768, English, with capitals"),
    Offered("bert-large-uncased", "24 × 16 × 1024, English, lower case"),
    Offered("bert-large-cased", "24 × 16 × 1024, English, with capitals"),
    Offered("bert-large-uncased-whole-word-masking", "24 × 16 × 1024, learned on whole words"),
    Offered("bert-base-multilingual-cased", "12 × 12 × 768, 104 languages, with capitals"),
    Offered("bert-base-multilingual-uncased", "12 × 12 × 768, 102 languages, lower case"),
    Offered("bert-base-chinese", "12 × 12 × 768, Chinese"),
    Offered("bert-base-german-cased", "12 × 12 × 768, German, with capitals"),
    Offered("google/bert_uncased_L-2_H-128_A-2", f"2 × 2 × 128, {_MINIATURE}"),
    Offered("google/bert_uncased_L-4_H-256_A-4", f"4 × 4 × 256, {_MINIATURE}"),
    Offered("google/bert_uncased_L-4_H-512_A-8", f"4 × 8 × 512, {_MINIATURE}"),
    Offered("google/bert_uncased_L-8_H-512_A-8", f"8 × 8 × 512, {_MINIATURE}"),
)
"""The words begin with layers × heads × width."""


def hub_address() -> str:
    """Where the hub is: HF_ENDPOINT, or huggingface.co."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or _HUB


def hub_host() -> str:
    """The name of the hub's computer, for sentences."""
    return urlsplit(hub_address()).hostname or hub_address()


def parse_hub_name(typed: str) -> HubName:
    """The model meant by a name, "name@revision" or the address of a page of the hub.

    Letters that are other forms of plain ones (full width, say) become plain.

    Raises:
        HubError: it names no model; the sentence says why, and what may be meant.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    repository, revision = _of_address(plain) if _is_address(plain) else _of_name(plain)
    if (
        len(repository) > _LONGEST
        or not _REPOSITORY.fullmatch(repository)
        or any(pair in repository for pair in ("..", "--"))
        or repository.endswith(".git")
    ):
        raise HubError(_no_name(repository))
    if not _REVISION.fullmatch(revision) or ".." in revision or "//" in revision:
        raise HubError(f"{_brief(revision)} is no name of a version of {repository}.")
    return HubName(repository, revision)


def meant(repository: str) -> str:
    """The offered name that `repository` is most like, or an empty text."""
    near = get_close_matches(repository.lower(), [one.name for one in OFFERED], 1, 0.8)
    return near[0] if near and near[0] != repository else ""


def _is_address(text: str) -> bool:
    return "://" in text or text.partition("/")[0].lower() in _HOSTS


def _of_name(text: str) -> tuple[str, str]:
    repository, mark, revision = text.partition("@")
    return repository, revision if mark else MAIN


def _of_address(text: str) -> tuple[str, str]:
    """Repository and revision of an address such as https://huggingface.co/owner/name/tree/v1."""
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        host = address.hostname or ""
    except ValueError as error:
        raise HubError(f"{_brief(text)} is no address.") from error
    if address.scheme not in ("http", "https") or host not in {*_HOSTS, hub_host()}:
        raise HubError(f"{_brief(text)}: only models of {hub_host()} can be downloaded.")
    parts = [unquote(part) for part in address.path.split("/") if part]
    if parts and parts[0] in _OTHER_THINGS:
        raise HubError(f"{_brief(text)}: this is {_OTHER_THINGS[parts[0]]}, not a model.")
    for at in (1, 2):
        if at + 1 < len(parts) and parts[at] in _MARKS:
            return "/".join(parts[:at]), parts[at + 1]
    return "/".join(parts[:2]), MAIN


def _no_name(repository: str) -> str:
    """Why `repository` is no name, and which one could be meant."""
    strange = next((letter for letter in repository if not letter.isascii()), "")
    plain = unicodedata.normalize("NFD", repository).encode("ascii", "ignore").decode()
    hint = f" Do you mean {meant(plain)}?" if meant(plain) else ""
    if strange:
        what = unicodedata.name(strange, f"U+{ord(strange):04X}").lower()
        return f"{_brief(repository)}: names on the hub have plain letters only, no {what}.{hint}"
    return (
        f"{_brief(repository)} is no name of a model: it is “name” or “owner/name”, of letters, "
        f"digits, “-”, “_” and “.”, at most {_LONGEST}.{hint}"
    )


def _brief(text: str) -> str:
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text[:40]
    )
    return f"“{shown}{'…' if len(text) > 40 else ''}”"
