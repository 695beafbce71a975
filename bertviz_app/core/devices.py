"""What a model can be computed with: devices and precisions, by the names people type."""

from __future__ import annotations

CPU, CUDA, MPS = "cpu", "cuda", "mps"
DEVICES = (CPU, CUDA, MPS)
"""The processor, an NVIDIA (or AMD) graphics card, the graphics part of an Apple chip."""

FLOAT32, BFLOAT16 = "float32", "bfloat16"
PRECISIONS = (FLOAT32, BFLOAT16)
"""Of the matrix products; softmax, LayerNorm and sums are float32 in both."""
