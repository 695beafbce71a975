"""The two palettes: every colour the program uses, and what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #RRGGBB; a hue always means something in BERT, the chrome has none.

    Attributes:
        paper: background of pictures and text; zero weight is this colour.
        chrome: background of everything else.
        hairline: lines between regions.
        text: words, and the accent (focus, chosen tab, main button).
        muted: secondary words and the edges of controls.
        query: the token that looks; `key`: the token that is looked at.
        sentence_a: underline of the first sentence; `sentence_b` of the second.
        mask_fill: fill of a [MASK], `mask_edge` its dashed edge, `mask_text` the words on it.
        change: something changed inside BERT; `error`: something went wrong.
        ink: stops of the scale for weights at 0, 1/4, 1/2, 3/4, 1.
        weights: stops of another palette for weights, evenly from 0 to 1; empty for ink.
        diverging: stops of the signed scale at -1, -1/2, 0, +1/2, +1.
        arcs: lines of the first head and of those drawn beside it.
    """

    name: str
    paper: str
    chrome: str
    hairline: str
    text: str
    muted: str
    query: str
    key: str
    sentence_a: str
    sentence_b: str
    mask_fill: str
    mask_edge: str
    mask_text: str
    change: str
    error: str
    ink: tuple[str, str, str, str, str]
    diverging: tuple[str, str, str, str, str]
    arcs: tuple[str, str, str, str]
    weights: tuple[str, ...] = ()


LIGHT = Theme(
    name="light",
    paper="#FFFFFF",
    chrome="#F4F5F6",
    hairline="#D5D9DE",
    text="#16202A",
    muted="#56616D",
    query="#B84A00",
    key="#0067AC",
    sentence_a="#74879C",
    sentence_b="#869300",
    mask_fill="#FFD34D",
    mask_edge="#7A5A00",
    mask_text="#16202A",
    change="#9C0060",
    error="#B3261E",
    ink=("#FFFFFF", "#BBC1C8", "#7B8794", "#424D59", "#101A24"),
    diverging=("#5A2CA0", "#A797D3", "#FFFFFF", "#99B48B", "#3B6B12"),
    arcs=("#3A3A3A", "#5C4BB5", "#00795C", "#6FA000"),
)

DARK = Theme(
    name="dark",
    paper="#14181C",
    chrome="#1C2126",
    hairline="#39424B",
    text="#E8EDF2",
    muted="#9DA9B5",
    query="#FF9E57",
    key="#62B6F5",
    sentence_a="#73879E",
    sentence_b="#8C9A1E",
    mask_fill="#F5C72E",
    mask_edge="#F5C72E",
    mask_text="#14181C",
    change="#FF8FCB",
    error="#FF8A80",
    ink=("#14181C", "#424A51", "#77828E", "#B3BAC3", "#F2F6FA"),
    diverging=("#B79BF5", "#5F5580", "#14181C", "#4C6B3E", "#8CCB5A"),
    arcs=("#F2F6FA", "#A99BF0", "#F29A4A", "#B03A6E"),
)

PALETTES: dict[str, tuple[str, ...]] = {
    "ink": (),
    "viridis": (
        *("#440154", "#48186A", "#472D7B", "#424086", "#3B528B", "#33638D"),
        *("#2C728E", "#26828E", "#21918C", "#1F9F88", "#27AD81", "#3DBC74"),
        *("#5CC863", "#81D34D", "#AADC32", "#D5E21A", "#FDE725"),
    ),
    "cividis": (
        *("#00204D", "#002C69", "#06366E", "#2D426C", "#414D6B", "#52596C"),
        *("#61646F", "#6F7073", "#7D7C78", "#8B8779", "#9B9477", "#ACA174"),
        *("#BCAF6F", "#CEBC68", "#E0CB5E", "#F2DA50", "#FFEA46"),
    ),
}
"""Palettes for weights: every 16th colour of the published tables; none is off by over 8 of 255.

Sources: viridis, van der Walt & Smith 2015; cividis, Nuñez, Anderton & Renslow 2018; both CC0.
"""
