"""Where the process begins: `python -m bot …` is `chuchu …`."""

import gc
import os
import resource
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Never

from bot import messages, terminal_language

_LEAST_BYTES = 520 << 20  # with less, libraries do not even fail: they crash
_SHORT = ("failed to map segment", "cannot allocate memory", "too many open files")
"""What loading says where there is too little; no module of ours that knows can be loaded then."""


def main() -> None:
    """Run the command line, on one core what NumPy does, and without looking for garbage among what stays.

    NumPy's threads (OpenBLAS's) wait for more to do by spinning: of 5.4 ms of processor time that each of 64 questions
    took to embed together, 1.6 were theirs. What takes long has threads of its own here, in onnxruntime's and FAISS's
    hands. The variable counts only until NumPy is loaded.

    Loading the modules makes 110,000 objects and no garbage, and the process ends with them. Searching through them
    again and again, and once more to take them apart at the end, took a fifth of a question's processor time.

    Until a command begins and once it has ended there is nothing to keep, and Ctrl-C ends the process at once: an
    exception in the middle of an import comes out as whatever that module makes of it.
    """
    _leave_when_interrupted()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()
    try:
        run = _loaded()
        gc.freeze()
        gc.enable()
        run()
    finally:
        _leave_when_interrupted()
        gc.freeze()


def _leave_when_interrupted() -> None:
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, f"chuchu: {_said('stopped')}\n".encode(sys.stderr.encoding or "utf-8", "backslashreplace"))
    os._exit(130)


def _said(template: str) -> str:
    """Say something in the terminal's language, which nothing of what loads is needed for."""
    return messages(terminal_language()).get(template, template)


def _loaded() -> Callable[[], None]:
    """Load the command line; end in one line where that takes more memory, or files, than there may be."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < _LEAST_BYTES:
        few = "{most} MB of memory are too little to begin: raise the limit (ulimit -v)"
        _end(_said(few).format(most=most >> 20))
    try:
        from bot.cli import main as run
    except (ImportError, OSError, MemoryError, SystemError) as error:
        if isinstance(error, MemoryError) or any(word in str(error).lower() for word in _SHORT):
            few = "there is too little memory, or too few files may be open at once: raise the limits (ulimit -v, -n)"
            _end(_said(few))
        raise
    return run


def _end(message: str) -> Never:
    sys.stderr.write(f"chuchu: {message}\n")
    raise SystemExit(2)


if __name__ == "__main__":
    main()
