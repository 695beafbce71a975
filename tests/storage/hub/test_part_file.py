"""A file that comes in pieces, over several starts, is the file in the end, or is not taken."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.hub import HubError
from bertviz_app.storage.hub.listing import HubFile
from bertviz_app.storage.hub.part_file import PartFile

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"  # as git says


def wanted(data: bytes) -> HubFile:
    return HubFile("model.safetensors", len(data), hashlib.sha256(data).hexdigest())


@given(st.lists(st.lists(st.binary(max_size=50), max_size=4), max_size=5))
def test_however_it_is_cut_it_arrives(starts: list[list[bytes]]) -> None:
    data = b"".join(piece for pieces in starts for piece in pieces)
    with tempfile.TemporaryDirectory() as folder:
        for pieces in starts:
            with PartFile(Path(folder), wanted(data)) as part:
                assert sum(part.take_up()) == part.size
                for piece in pieces:
                    part.write_at(part.size, piece)
        with PartFile(Path(folder), wanted(data)) as part:
            list(part.take_up())
            assert part.complete
            part.check()
        assert part.path.read_bytes() == data


@given(st.binary(min_size=1), st.data())
def test_one_wrong_byte_and_it_is_deleted(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    wrong = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        with PartFile(Path(folder), wanted(data)) as part:
            part.write_at(0, wrong)
            with pytest.raises(HubError, match="arrived damaged"):
                part.check()
        assert part.path.read_bytes() == b""


def test_what_is_longer_than_it_should_be_is_begun_anew(tmp_path: Path) -> None:
    file = wanted(b"right")
    (tmp_path / f"{file.digest}.part").write_bytes(b"much too long")
    with PartFile(tmp_path, file) as part:
        list(part.take_up())
        assert part.size == 0
        part.write_at(0, b"right")
        part.check()


def test_small_files_are_known_by_the_hash_of_git(tmp_path: Path) -> None:
    with PartFile(tmp_path, HubFile("README.md", 0, EMPTY_BLOB)) as part:
        part.check()
