import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import ArchiveError, ArchiveLockedError
from retrieval.store.lock import writing

HOLD = """
import sys, time
from pathlib import Path
from retrieval.store.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ArchiveLockedError, match=f"process {holder.pid}, for"), writing(tmp_path):
            pass
        holder.kill()
    with writing(tmp_path):
        pass  # a dead holder's lock is free


def test_it_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writing(tmp_path):
        raise KeyError
    with writing(tmp_path):
        assert (tmp_path / "writer.json").read_text().count(str(os.getpid())) == 1
    assert not (tmp_path / "writer.json").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="cannot be written"), writing(tmp_path / "file"):
        pass
