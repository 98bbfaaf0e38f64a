import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# a job in the background of a shell begins with Ctrl-C ignored, and so would what it starts
_HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"

BUSY = """
import time
from concurrent.futures import ThreadPoolExecutor
from bot.terminal import stopping
with stopping() as stopped, ThreadPoolExecutor(1) as pool:
    pool.submit(time.sleep, 600)  # a batch that is being embedded
    print("ready", flush=True)
    while not stopped():
        time.sleep(0.01)
    print("stopped", flush=True)
    time.sleep(600)
"""

PREPARING = """
import time
from bot.terminal import ending_when_interrupted
with ending_when_interrupted("it is to be made"):
    print("ready", flush=True)
    time.sleep(600)
"""


def started(code: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _HEARD + code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_the_second_ctrl_c_waits_for_no_thread() -> None:
    with started(BUSY) as process:
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "stopped\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines() == [
        "stopping after these articles; Ctrl-C again stops at once",
        "stopped: what was written is kept, and the same command goes on",
    ]


def test_what_has_nothing_to_keep_says_so_and_ends() -> None:
    with started(PREPARING) as process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "stopped: it is to be made\n")
