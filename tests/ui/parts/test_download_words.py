"""What is said of a download at every stage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.errors import Fault
from bertviz_app.core.hub import HubName
from bertviz_app.ui.parts.download_words import said, said_briefly

AT = Download(
    HubName("bert-base-uncased"),
    Stage.FETCHING,
    done=268_000_000,
    total=440_000_000,
    files=6,
    licence="apache-2.0",
    rate=12e6,
)


def test_amount_licence_rate_and_time_left_are_said() -> None:
    assert said(AT) == (
        "bert-base-uncased: 61 % of 440 MB in 6 files, licence apache-2.0; 12 MB/s; 14 s left"
    )
    assert said_briefly(AT) == "↓ bert-base-uncased · 61 % · 14 s left"


def test_d18_a_slow_or_silent_line_is_said() -> None:
    assert "; 20 kB/s; 2 h left" in said(replace(AT, rate=20_000.0))
    silent = replace(AT, silent=12.0)
    assert said(silent).endswith("; nothing has come for 12 s")
    assert "left" not in said_briefly(silent)


def test_d1_what_is_waited_for_is_said() -> None:
    fault = Fault("The connection to huggingface.co was lost.")
    lost = replace(AT, stage=Stage.RETRYING, fault=fault, tries=3, most_tries=5, wait=4.0)
    assert said(lost) == (
        "bert-base-uncased: at 61 %. The connection to huggingface.co was lost. "
        "Trying again in 4 s (3 of 5)."
    )
    assert said_briefly(lost) == "↓ bert-base-uncased · 61 % · trying again"
    failed = replace(AT, stage=Stage.FAILED, fault=fault)
    assert said(failed).endswith("was lost. 268 MB are kept.")
    assert said_briefly(failed) == ""


def test_d14_the_size_is_said_before_a_large_one() -> None:
    large = replace(AT, stage=Stage.LARGE, done=0, total=1_340_000_000)
    assert said(large) == (
        "bert-base-uncased: 1.34 GB in 6 files, licence apache-2.0. Download that much?"
    )


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_words_with_and_without_numbers(stage: Stage) -> None:
    for download in (AT, Download(AT.name, stage), replace(AT, rate=0.0), replace(AT, rate=None)):
        assert "bert-base-uncased" in said(replace(download, stage=stage))
        assert bool(said_briefly(replace(download, stage=stage))) is replace(AT, stage=stage).runs
