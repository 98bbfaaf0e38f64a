"""Permission bits that bind the tests as they bind anybody, also where these are run by root."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_VERSION = 0x20080522  # of Linux's capabilities: 64 of them, in two halves
_OVERRIDING = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, which let root pass every bit


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Give up root's right to read everything, and take it back at the end."""
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root is bound by permission bits nowhere but on Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0
    bound = (ctypes.c_uint32 * 6)(*held)
    bound[0] &= ~_OVERRIDING  # the first half of what is in effect; what may be taken back stays
    assert libc.capset(header, bound) == 0
    try:
        yield
    finally:
        assert libc.capset(header, held) == 0


@contextmanager
def open_to_all() -> Iterator[Path]:
    """Yield a folder that every user may look into; pytest shuts its own whenever another run of tests begins."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
