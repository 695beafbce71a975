"""What the hub says a model consists of: one commit, and the files that are needed of it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bertviz_app.core.hub import HubError, HubName, hub_address, hub_host, meant
from bertviz_app.storage.hub.failures import not_answered, refused

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

PATIENCE = 10.0
"""Seconds the hub is given to answer what a model consists of."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONFIG = "config.json"
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "vocab.txt")
_CARD, _CARD_LIMIT = "README.md", 1_000_000
_WHOLE, _PICKLE = "model.safetensors", "pytorch_model.bin"
_INDEX = "model.safetensors.index.json"
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model on the hub.

    Attributes:
        name: a plain file name.
        size: in bytes.
        digest: what its content hashes to: SHA-256 in 64 digits, or git's SHA-1 in 40.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model that are needed, all of one commit.

    Attributes:
        name: as it was asked for.
        commit: 40 hexadecimal digits.
        files: small ones first.
        licence: as the model's card names it; empty if it names none.
    """

    name: HubName
    commit: str
    files: tuple[HubFile, ...]
    licence: str = ""

    @property
    def total(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)


def ask_hub(name: HubName) -> Listing:
    """Ask the hub what `name` consists of; takes `PATIENCE` at most.

    Neither a token nor telemetry is sent.

    Raises:
        HubError: there is no such model, it is of no use here, or the hub cannot be reached.
    """
    # Read when the library is imported; else it first asks the hub for a list of coding agents, and
    # tells it which other libraries are installed.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    hub = HfApi(endpoint=hub_address(), token=False)
    try:
        info = hub.model_info(
            name.repository,
            revision=name.revision,
            files_metadata=True,
            timeout=PATIENCE,
        )
    except HfHubHTTPError as error:
        code = error.response.headers.get("X-Error-Code", "")
        later = error.response.headers.get("Retry-After", "")
        raise refused(str(name), error.response.status_code, code, later) from error
    except OfflineModeIsEnabled as error:
        raise HubError("HF_HUB_OFFLINE is set, so nothing is downloaded.") from error
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _nonsense(error) from error
    except Exception as error:  # whatever the library's own network library raises
        raise not_answered(str(error)) from error
    return _listed(name, info)


def _listed(name: HubName, info: ModelInfo) -> Listing:
    commit = info.sha if isinstance(info.sha, str) else ""
    if not _COMMIT.fullmatch(commit):
        raise _nonsense(ValueError(f"commit {commit[:80]!r}"))
    siblings = {one.rfilename: one for one in info.siblings or ()}
    names = _needed(name, set(siblings))
    files = [_file(siblings[one]) for one in names if one in siblings]
    files = [file for file in files if file.name != _CARD or file.size <= _CARD_LIMIT]
    licence = getattr(info.card_data, "license", None)
    return Listing(
        name,
        commit,
        tuple(sorted(files, key=lambda file: file.size)),
        licence[:80] if isinstance(licence, str) else "",
    )


def _needed(name: HubName, there: set[str]) -> list[str]:
    """The names of the files to fetch, of all that are there."""
    if _CONFIG not in there:
        hint = f" Do you mean {meant(name.repository)}?" if meant(name.repository) else ""
        raise HubError(f"{name}: this is no BERT model, there is no {_CONFIG}.{hint}")
    shards = sorted(one for one in there if _SHARD.fullmatch(one))
    if _WHOLE in there:
        weights = [_WHOLE]
    elif _INDEX in there and shards:
        weights = [_INDEX, *shards]
    elif _PICKLE in there:
        weights = [_PICKLE]
    else:
        raise HubError(f"{name}: it holds no {_WHOLE} and no {_PICKLE}, so it cannot be opened.")
    return [_CONFIG, *_TOKENIZER, _CARD, *weights]


def _file(sibling: RepoSibling) -> HubFile:
    digest = sibling.lfs.sha256 if sibling.lfs is not None else sibling.blob_id
    size = sibling.lfs.size if sibling.lfs is not None else sibling.size
    form = _SHA256 if sibling.lfs is not None else _COMMIT
    if not isinstance(digest, str) or not form.fullmatch(digest):
        raise _nonsense(ValueError(f"{sibling.rfilename}: hash {str(digest)[:80]!r}"))
    if type(size) is not int or size < 0:
        raise _nonsense(ValueError(f"{sibling.rfilename}: size {str(size)[:80]!r}"))
    return HubFile(sibling.rfilename, size, digest)


def _nonsense(error: Exception) -> HubError:
    return HubError(
        f"{hub_host()} did not answer as the hub does. It may be a page of your network, to log in "
        "to: open it in a browser, then try again.",
        str(error),
    )
