"""Every way a download can go wrong (D1 to D18), against a hub that does it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QStandardPaths, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkRequest
from pytestqt.qtbot import QtBot

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.hub import HubError, HubName, hub_address
from bertviz_app.core.model_cache import all_downloaded, cache_folder, downloaded, model_folder
from bertviz_app.storage.hub import listing, staging, transport
from bertviz_app.storage.hub.downloads import Downloads
from bertviz_app.storage.hub.part_file import PartFile
from bertviz_app.storage.hub.transfer import MOST_TRIES, Transfer
from tests.fixtures.failing_files import each_failure
from tests.fixtures.hub_server import (
    COMMIT,
    HubServer,
    cut,
    endless,
    ignore_range,
    instead,
    refuse,
    stall,
)

NAME = HubName("google/small")
WEIGHTS = bytes(range(256)) * 2000
FILES = {
    "config.json": b"{}",
    "vocab.txt": b"[PAD]\n[UNK]\n",
    "README.md": b"# A small one\n",
    "model.safetensors": WEIGHTS,
    "tf_model.h5": b"not needed",
    "logs/events.out": b"not needed",
}
NEEDED = {"config.json", "vocab.txt", "README.md", "model.safetensors"}
ALWAYS = 50
"""More requests than any download makes; Qt repeats some by itself."""

TOTAL = sum(len(FILES[name]) for name in NEEDED)


SIBLINGS = [
    b'{"rfilename": "%s", "size": 2, "blobId": "9e26dfeeb6e641a33dae4961196235bdb965b21b"}' % name
    for name in (b"config.json", b"model.safetensors")
]
"""As the hub names files that hold {}."""


class Hand:
    """A person who downloads, and all that is said meanwhile."""

    def __init__(self, qtbot: QtBot, hub: HubServer) -> None:
        self.hub = hub
        self.said: list[Download] = []
        self.downloads = Downloads()
        self.downloads.changed.connect(self.said.append)
        self._qtbot = qtbot

    @property
    def now(self) -> Download:
        return self.said[-1]

    @property
    def stages(self) -> list[Stage]:
        """The stages in the order in which they came, each once in a row."""
        stages = [one.stage for one in self.said]
        return [stage for at, stage in enumerate(stages) if at == 0 or stages[at - 1] is not stage]

    @property
    def sentence(self) -> str:
        assert self.now.fault is not None
        return self.now.fault.sentence

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=30_000)

    def fetch(self, name: HubName = NAME, *, large: bool = False) -> Download:
        self.downloads.fetch(name, large=large)
        self.wait(lambda: not self.downloads.running)
        return self.now

    def fetch_until(self, done: int) -> None:
        """Begin, and wait until so many bytes are here."""
        self.downloads.fetch(NAME)
        self.wait(lambda: self.now.done >= done)


@pytest.fixture
def hand(qtbot: QtBot, hub_server: HubServer) -> Iterator[Hand]:
    hub_server.publish(NAME.repository, FILES)
    hand = Hand(qtbot, hub_server)
    yield hand
    hub_server.released.set()
    hand.downloads.close()


def folder_of(download: Download) -> Path:
    assert download.folder is not None
    return download.folder


def litter() -> set[str]:
    """What the cache holds beside complete models."""
    parts = staging.parts_folder()
    # Unlike a glob it takes no offence at a folder that goes meanwhile.
    return {name for _, folders, files in os.walk(parts) for name in (*folders, *files)}


def test_a_model_comes_as_the_files_that_are_needed_and_nothing_is_left(hand: Hand) -> None:
    end = hand.fetch()
    assert end.stage is Stage.DONE
    assert (end.done, end.total, end.files) == (TOTAL, TOTAL, len(NEEDED))
    assert end.licence == "apache-2.0"
    folder = folder_of(end)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        name: FILES[name] for name in NEEDED
    }
    assert folder == model_folder(NAME, COMMIT) == downloaded(str(NAME))
    assert litter() == set()
    assert hand.stages == [Stage.ASKING, Stage.FETCHING, Stage.PLACING, Stage.DONE]


def test_d1_cut_in_the_middle_goes_on_where_it_was(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", cut(100_000), cut(300_000))
    assert hand.fetch().stage is Stage.DONE
    first, *later = hand.hub.ranges("model.safetensors")
    assert first == ""
    assert later[0] == "bytes=100000-"
    assert later[1:] in (["bytes=300000-"], [])  # Qt may have asked again by itself
    tries = {(one.tries, one.most_tries) for one in hand.said if one.stage is Stage.RETRYING}
    assert tries == {(1, MOST_TRIES)}  # bytes came in between


def test_d1_a_line_that_stays_dead_is_given_up_and_what_came_is_kept(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", *[cut(100_000)] * ALWAYS)
    assert hand.fetch().stage is Stage.FAILED
    assert "lost" in hand.sentence
    assert [one.tries for one in hand.said if one.stage is Stage.RETRYING] == [1, 2, 3, 4, 5]
    assert staging.begun()[NAME.repository] > 100_000
    hand.hub.answers.clear()
    assert hand.fetch().stage is Stage.DONE
    assert hand.hub.ranges("model.safetensors")[-1] == "bytes=100000-"


def test_d2_the_program_ends_in_the_middle_and_the_next_one_goes_on(
    hand: Hand, qtbot: QtBot
) -> None:
    hand.hub.answer("model.safetensors", stall(200_000))
    hand.fetch_until(200_000)
    hand.downloads.close()
    assert all_downloaded() == {}
    hand.hub.released.set()
    again = Hand(qtbot, hand.hub)
    assert again.fetch().stage is Stage.DONE
    assert hand.hub.ranges("model.safetensors") == ["", "bytes=200000-"]
    assert again.said[1].stage is Stage.ASKING
    assert folder_of(again.now).joinpath("model.safetensors").read_bytes() == WEIGHTS


def test_d3_a_server_that_starts_over_sets_the_progress_back(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", cut(400_000), ignore_range)
    assert hand.fetch().stage is Stage.DONE
    assert folder_of(hand.now).joinpath("model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.txt"])
def test_d4_wrong_bytes_of_the_right_size_are_deleted(hand: Hand, name: str) -> None:
    hand.hub.answer(name, instead(b"x" * len(FILES[name])))
    assert hand.fetch().stage is Stage.FAILED
    assert f"{name} arrived damaged" in hand.sentence
    assert all_downloaded() == {}
    assert hand.fetch().stage is Stage.DONE
    assert hand.hub.ranges(name) == ["", ""]


@pytest.mark.parametrize("more", [b"", b"and more"], ids=["shorter", "longer"])
def test_d5_a_file_of_the_wrong_size_is_never_taken(hand: Hand, more: bytes) -> None:
    wrong = WEIGHTS + more if more else WEIGHTS[:1000]
    hand.hub.answer("model.safetensors", *[instead(wrong)] * ALWAYS)
    assert hand.fetch().stage is Stage.FAILED
    assert all_downloaded() == {}


def test_d5_a_file_that_ends_too_early_goes_on_there(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", instead(WEIGHTS[:1000]))
    assert hand.fetch().stage is Stage.DONE
    assert hand.hub.ranges("model.safetensors") == ["", "bytes=1000-"]


def test_d5_a_file_without_an_end_is_left_at_once(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", endless)
    assert hand.fetch().stage is Stage.FAILED
    assert "arrived damaged" in hand.sentence
    assert staging.begun()[NAME.repository] < 1000  # the other files


def test_d6_all_files_are_of_one_commit_and_what_two_commits_share_comes_once(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", *[cut(100_000)] * ALWAYS)
    hand.fetch()
    commits = {one.path.split("/")[4] for one in hand.hub.asked if "/resolve/" in one.path}
    assert commits == {COMMIT}
    hand.hub.answers.clear()
    moved = hand.hub.publish(NAME.repository, FILES | {"README.md": b"new"}, commit="f" * 40)
    assert hand.fetch().stage is Stage.DONE
    assert folder_of(hand.now) == model_folder(NAME, moved.commit)
    assert folder_of(hand.now).joinpath("README.md").read_bytes() == b"new"
    assert hand.hub.ranges("model.safetensors")[-1] == "bytes=100000-"
    assert hand.hub.ranges("vocab.txt") == [""]


def test_d6_a_commit_that_goes_away_meanwhile_is_said(hand: Hand) -> None:
    hand.hub.answer("vocab.txt", refuse(404))
    assert hand.fetch().stage is Stage.FAILED
    assert "no such public model or version" in hand.sentence


def test_d7_nothing_is_asked_before_a_person_asks(hand: Hand) -> None:
    assert all_downloaded() == {}
    assert hand.hub.asked == []


def test_d8_no_network_is_said_at_once(hand: Hand) -> None:
    hand.hub.close()
    assert hand.fetch().stage is Stage.FAILED
    assert hand.sentence.startswith("There is no connection to 127.0.0.1.")
    assert "What was downloaded before opens without." in hand.sentence


def test_d8_offline_by_order_is_said(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert hand.fetch().stage is Stage.FAILED
    assert "HF_HUB_OFFLINE is set" in hand.sentence
    assert hand.hub.asked == []


@pytest.mark.parametrize("what", ["api", "model.safetensors", "vocab.txt"])
def test_d9_a_web_page_is_named_as_one(hand: Hand, what: str) -> None:
    hand.hub.answer(what, instead(b"<html>Log in</html>", kind="text/html"))
    assert hand.fetch().stage is Stage.FAILED
    assert "page of your network" in hand.sentence
    assert all_downloaded() == {}


def test_d9_the_proxy_of_the_system_is_used(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = hand.hub.address
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, proxy)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert hand.fetch().stage is Stage.DONE


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    """A certificate that nobody has signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    file = tmp_path / "own.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", file, "-out", tmp_path / "c.pem"], check=True)
    file.write_bytes(file.read_bytes() + (tmp_path / "c.pem").read_bytes())
    return file


def test_d9_a_certificate_that_is_not_trusted_is_never_overlooked(
    hand: Hand, own_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hand.hub.hide_behind(own_certificate))
    assert hand.fetch().stage is Stage.FAILED
    assert "certificate is not trusted" in hand.sentence
    answered = transport.Transport(lambda: False).get(f"{hub_address()}/x", "x")
    with pytest.raises(HubError, match="certificate is not trusted"):
        list(answered)
    assert hand.hub.asked == []


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {"X_Error_Code": "RepoNotFound"}, "no such public model"),
        (401, {"X_Error_Code": "GatedRepo"}, "accepted its terms"),
        (403, {}, "does not give out"),
        (404, {}, "no such public model"),
        (500, {}, "is in trouble (HTTP 500)"),
    ],
    ids=["401", "gated", "403", "404", "5xx"],
)
@pytest.mark.parametrize("what", ["api", "vocab.txt"])
def test_d10_a_refusal_is_said_in_words(
    hand: Hand, what: str, status: int, headers: dict[str, str], words: str
) -> None:
    hand.hub.answer(what, *[refuse(status, **headers)] * ALWAYS)
    assert hand.fetch().stage is Stage.FAILED
    assert words in hand.sentence


def test_d10_a_refusal_is_let_go_of_between_its_error_and_its_end(hand: Hand, qtbot: QtBot) -> None:
    hand.hub.answer("api", *[refuse(404)] * ALWAYS)
    manager = QNetworkAccessManager()
    reply = manager.get(QNetworkRequest(QUrl(f"{hub_address()}/api/models/no/such")))
    reply.errorOccurred.connect(lambda _: transport.let_go(reply))
    with qtbot.waitSignal(reply.destroyed):
        pass


@pytest.mark.parametrize("what", ["api", "vocab.txt"])
@pytest.mark.parametrize("status", [429, 503])
def test_d10_a_busy_hub_is_waited_for(hand: Hand, what: str, status: int) -> None:
    hand.hub.answer(what, refuse(status, Retry_After="0"))
    assert hand.fetch().stage is Stage.DONE
    assert Stage.RETRYING in hand.stages


def test_d10_the_patience_a_hub_asks_for_can_be_cut_short(hand: Hand) -> None:
    hand.hub.answer("vocab.txt", refuse(429, Retry_After="200"))
    hand.downloads.fetch(NAME)
    hand.wait(lambda: hand.now.stage is Stage.RETRYING)
    assert hand.now.wait == 200
    hand.downloads.cancel()
    hand.wait(lambda: litter() <= {"google--small.lock"})


def test_d11_room_on_the_disk_is_made_sure_of_first(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=staging.SPARE))
    assert hand.fetch().stage is Stage.FAILED
    assert "512 kB more" in hand.sentence
    assert "Make room" in hand.sentence
    assert hand.hub.ranges("model.safetensors") == []


def test_d11_a_disk_that_is_full_after_all_is_given_its_room_back(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_at = PartFile.write_at

    def full(part: PartFile, start: int, data: bytes) -> None:
        if start >= 300_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(part.path))
        write_at(part, start, data[:100_000])

    monkeypatch.setattr(PartFile, "write_at", full)
    hand.hub.answer("model.safetensors", cut(300_000))
    assert hand.fetch().stage is Stage.FAILED
    assert "No space left on device" in hand.sentence
    assert litter() == set()


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_d12_cancelled_it_stops_and_leaves_nothing(hand: Hand, percent: int) -> None:
    at = len(WEIGHTS) * percent // 100
    hand.hub.answer("model.safetensors", stall(at))
    hand.fetch_until(at)
    hand.downloads.cancel()
    assert hand.now.stage is Stage.CANCELLED
    hand.wait(lambda: litter() == set())
    hand.hub.released.set()
    assert hand.fetch().stage is Stage.DONE
    assert hand.hub.ranges("model.safetensors") == ["", ""]


def test_d12_cancelled_while_the_hub_is_silent_it_is_over_at_once(hand: Hand) -> None:
    hand.hub.answer("api", stall(0))
    hand.downloads.fetch(NAME)
    hand.wait(lambda: len(hand.hub.asked) == 1)
    hand.downloads.cancel()
    assert hand.now.stage is Stage.CANCELLED
    hand.hub.released.set()
    assert hand.fetch().stage is Stage.DONE


def test_d12_d17_the_program_ends_although_the_hub_is_silent_and_asked_one_thing_only(
    hand: Hand,
) -> None:
    program = (
        "import sys, threading\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from bertviz_app.core.hub import HubName\n"
        "from bertviz_app.storage.hub.downloads import Downloads\n"
        "application, downloads = QCoreApplication([]), Downloads()\n"
        f"downloads.fetch(HubName({str(NAME)!r}))\n"
        "threading.Thread(target=lambda: (sys.stdin.read(), application.quit())).start()\n"
        "application.exec()\n"
        "downloads.close()"
    )
    hand.hub.answer("api", stall(0))
    environment = {**os.environ, "HF_HUB_OFFLINE": "0"}
    environment.pop("HF_HUB_DISABLE_TELEMETRY", None)
    command = [sys.executable, "-W", "error", "-c", program]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stderr=pipe, text=True) as child:
        hand.wait(lambda: len(hand.hub.asked) > 0)
        _, complaints = child.communicate(timeout=60)
    assert (child.returncode, complaints) == (0, "")
    assert [one.path for one in hand.hub.asked] == [f"/api/models/{NAME}/revision/main"]
    assert "torch" not in hand.hub.asked[0].headers["user-agent"]


def test_d13_cancelled_and_wanted_again_at_once(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", stall(1000))
    hand.fetch_until(1000)
    hand.downloads.cancel()
    hand.hub.released.set()
    assert hand.fetch().stage is Stage.DONE


def test_d13_a_second_window_waits_in_sight_and_then_has_it_too(hand: Hand, qtbot: QtBot) -> None:
    hand.hub.answer("model.safetensors", stall(1000))
    hand.fetch_until(1000)
    other = Hand(qtbot, hand.hub)
    other.downloads.fetch(NAME)
    other.wait(lambda: other.now.stage is Stage.WAITING)
    hand.hub.released.set()
    other.wait(lambda: not other.downloads.running)
    hand.wait(lambda: not hand.downloads.running)
    assert other.now.stage is hand.now.stage is Stage.DONE
    assert other.now.folder == hand.now.folder
    assert hand.hub.ranges("model.safetensors") == [""]


def test_d13_the_same_model_twice_comes_once(hand: Hand) -> None:
    first = hand.fetch()
    again = hand.fetch()
    assert again.stage is Stage.DONE
    assert again.folder == first.folder
    assert hand.hub.ranges("model.safetensors") == [""]


def test_d14_a_large_model_is_asked_about_first(hand: Hand) -> None:
    many = {f"checkpoint-{number}/model.bin": b"" for number in range(5000)}
    repository = hand.hub.publish(NAME.repository, FILES | many)
    repository.sizes["model.safetensors"] = 200_000_000_000
    end = hand.fetch()
    assert end.stage is Stage.LARGE
    assert end.total == TOTAL - len(WEIGHTS) + 200_000_000_000
    assert end.files == len(NEEDED)
    assert hand.hub.ranges("config.json") == []
    repository.sizes.clear()
    assert hand.fetch(large=True).stage is Stage.DONE


def test_d14_several_files_of_weights_come_with_their_list(hand: Hand) -> None:
    shards = {f"model-0000{number}-of-00002.safetensors": b"%d" % number for number in (1, 2)}
    index = {"model.safetensors.index.json": b"{}"}
    less = {"config.json": b"{}", "../../x": b"", "model-00001-of-00002.safetensors/y": b""}
    hand.hub.publish(NAME.repository, less | shards | index)
    assert {file.name for file in folder_of(hand.fetch()).iterdir()} == {
        "config.json",
        *shards,
        *index,
    }


def test_d14_a_pickle_comes_only_where_there_is_nothing_else(hand: Hand) -> None:
    hand.hub.publish(NAME.repository, FILES | {"pytorch_model.bin": b"pickle"})
    assert not folder_of(hand.fetch()).joinpath("pytorch_model.bin").exists()
    old = {name: data for name, data in FILES.items() if name != "model.safetensors"}
    hand.hub.publish("old", old | {"pytorch_model.bin": b"pickle"})
    folder = folder_of(hand.fetch(HubName("old")))
    assert folder.joinpath("pytorch_model.bin").read_bytes() == b"pickle"


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_d14_what_is_no_model_is_said(hand: Hand, missing: str) -> None:
    hand.hub.publish(NAME.repository, {name: FILES[name] for name in NEEDED - {missing}})
    assert hand.fetch().stage is Stage.FAILED
    assert missing in hand.sentence


@pytest.mark.parametrize(
    "answer",
    [
        b"[]",
        b"{}",
        b'{"id": "x", "sha": "../../etc", "siblings": [%s]}' % b", ".join(SIBLINGS),
        b'{"id": "x", "sha": "%s", "siblings": [%s]}'
        % (COMMIT.encode(), b", ".join(SIBLINGS).replace(b"2,", b"-1,")),
        b'{"id": "x", "sha": "%s", "siblings": 7}' % COMMIT.encode(),
        b'{"id": "x", "siblings": [{"size": 3}]}',
        b"[" * 100_000,
    ],
    ids=["list", "empty", "commit", "size", "siblings", "nameless", "deep"],
)
def test_d15_a_hub_that_speaks_nonsense_is_named(hand: Hand, answer: bytes) -> None:
    hand.hub.answer("api", instead(answer, kind="application/json"))
    assert hand.fetch().stage is Stage.FAILED
    assert "did not answer as the hub does" in hand.sentence
    assert all_downloaded() == {}


def test_d15_a_mistyped_name_is_answered_with_the_one_that_may_be_meant(hand: Hand) -> None:
    hand.fetch(HubName("bert-base-uncasd"))
    assert "Do you mean bert-base-uncased?" in hand.sentence


def test_d16_a_cache_that_cannot_be_written_is_named(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BERTVIZ_CACHE", str(tmp_path / "file"))
    assert hand.fetch().stage is Stage.FAILED
    assert str(tmp_path / "file") in hand.sentence
    assert "BERTVIZ_CACHE" in hand.sentence


def test_d17_nobodys_token_is_sent(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.setenv(name, "hf_secret")
    assert hand.fetch().stage is Stage.DONE
    assert len(hand.hub.asked) == 1 + len(NEEDED)
    for asked in hand.hub.asked:
        assert "authorization" not in asked.headers
        assert "hf_secret" not in str(asked)


def test_d18_a_silent_line_is_said_and_the_person_decides(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", stall(1000))
    hand.fetch_until(1000)
    hand.wait(lambda: hand.now.silent > 0.3)
    assert hand.now.stage is Stage.FETCHING
    hand.hub.released.set()
    hand.wait(lambda: not hand.downloads.running)
    assert hand.now.stage is Stage.DONE


def test_d18_a_dead_line_is_taken_up_again(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SILENCE", 0.2)
    hand.hub.answer("model.safetensors", stall(1000))
    assert hand.fetch().stage is Stage.DONE
    assert hand.hub.ranges("model.safetensors") == ["", "bytes=1000-"]


def test_d18_a_hub_that_never_answers_is_given_up(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PATIENCE", 0.2)
    hand.hub.answer("api", stall(0))
    assert hand.fetch().stage is Stage.FAILED
    assert "no connection" in hand.sentence


def test_one_model_at_a_time(hand: Hand) -> None:
    hand.hub.answer("model.safetensors", stall(1000))
    hand.fetch_until(1000)
    hand.downloads.fetch(HubName("another"))
    hand.hub.released.set()
    hand.wait(lambda: not hand.downloads.running)
    assert {one.name for one in hand.said} == {NAME}


def test_two_files_of_one_content_both_arrive(hand: Hand) -> None:
    hand.hub.publish(NAME.repository, FILES | {"tokenizer.json": FILES["config.json"]})
    folder = folder_of(hand.fetch())
    assert folder.joinpath("tokenizer.json").read_bytes() == FILES["config.json"]
    assert folder.joinpath("config.json").read_bytes() == FILES["config.json"]
    assert cache_folder().joinpath("parts").is_dir()


def test_d2_killed_in_the_middle_the_next_one_goes_on(hand: Hand) -> None:
    program = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from bertviz_app.core.hub import HubName\n"
        "from bertviz_app.storage.hub.downloads import Downloads\n"
        "application, downloads = QCoreApplication([]), Downloads()\n"
        f"downloads.fetch(HubName({str(NAME)!r}))\n"
        "application.exec()"
    )
    hand.hub.answer("model.safetensors", stall(300_000))
    environment = {**os.environ, "HF_HUB_OFFLINE": "0"}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as child:
        hand.wait(lambda: staging.begun().get(NAME.repository, 0) > 262_144)
        child.kill()
    hand.hub.released.set()
    kept = staging.begun()[NAME.repository]
    assert hand.fetch().stage is Stage.DONE
    assert hand.stages[:2] == [Stage.ASKING, Stage.FETCHING]  # nobody was waited for
    assert hand.said[1].done == kept or hand.said[2].done == kept
    assert folder_of(hand.now).joinpath("model.safetensors").read_bytes() == WEIGHTS
    (_, resumed) = hand.hub.ranges("model.safetensors")
    assert int(resumed.removeprefix("bytes=").rstrip("-")) >= 262_144


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES], ids=["full", "refused"])
def test_d11_d16_whichever_file_operation_fails_a_model_is_whole_or_not_there(
    hand: Hand, error: int
) -> None:
    ends: list[Download] = []

    def fetch() -> None:
        transfer = Transfer(NAME, hand.said.append, large=False)
        thread = threading.Thread(target=transfer.run)
        thread.start()
        thread.join()
        ends.append(hand.now)

    for operations in each_failure(cache_folder(), fetch, error):
        end = ends[-1]
        if end.stage is Stage.DONE:
            files = {file.name: file.read_bytes() for file in folder_of(end).iterdir()}
            assert files == {name: FILES[name] for name in NEEDED}, operations.failed
        else:
            assert end.stage is Stage.FAILED, operations.failed
            assert end.fault is not None
            assert "BERTVIZ_CACHE" in end.fault.sentence
            assert all_downloaded() == {}, operations.failed
            if end.done == TOTAL and error != errno.ENOSPC:
                assert staging.begun() == {NAME.repository: TOTAL}, operations.failed
        shutil.rmtree(cache_folder(), ignore_errors=True)
    assert ends[-1].stage is Stage.DONE
    assert len(ends) > 20


def test_the_cache_stands_where_qt_says_caches_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BERTVIZ_CACHE", raising=False)
    QCoreApplication.setApplicationName("bertviz-app")
    kind = QStandardPaths.StandardLocation.CacheLocation
    assert cache_folder() == Path(QStandardPaths.writableLocation(kind))
