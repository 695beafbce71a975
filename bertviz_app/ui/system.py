"""What Qt needs from the system, checked before Qt is imported, as Qt would abort. No Qt here."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""Libraries every Qt program on Linux loads, and the Debian package of each."""

ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt needs besides where windows are drawn by an X server."""


def missing_for_qt(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> str:
    """One line on what keeps Qt from starting and which package brings it, or an empty text."""
    if not system.startswith("linux"):
        return ""
    needed = dict(ALWAYS)
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in ("", "xcb") and not environment.get("WAYLAND_DISPLAY"):
        if not environment.get("DISPLAY"):
            return (
                "bertviz-app needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set. "
                "Without one, use `bertviz-app predict` and `bertviz-app trace`."
            )
        needed |= ON_X11
    packages = [package for library, package in needed.items() if not _loads(library)]
    if not packages:
        return ""
    return (
        "Qt needs system libraries that are not here. "
        f"On Debian or Ubuntu: sudo apt install {' '.join(packages)}"
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
