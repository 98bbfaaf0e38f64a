import shlex
from pathlib import Path

import pytest

from retrieval import ArchiveMissingError, Settings, command, open_archive
from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError
from retrieval.store import check_encoder, read_manifest
from retrieval.store.catalogue.connection import Connection
from retrieval.store.location import folder_only
from tests.fakes import FakeEncoder

AWKWARD = "my news's $archive"


def pasted(error: pytest.ExceptionInfo[ArchiveError]) -> list[str]:
    """What a shell makes of the command that ends a message."""
    return shlex.split(str(error.value)[str(error.value).rindex(" chuchu ") :])


class Unfinished:
    def manifest(self) -> dict[str, str]:
        return {}


@pytest.mark.parametrize("location", ["index", AWKWARD, "http://host:19530"])
def test_a_command_names_its_archive_as_a_shell_reads_it(location: str) -> None:
    assert shlex.split(command("verify --repair", location)) == ["chuchu", "verify", "--repair", "--index", location]


def test_what_is_missing_is_made_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError) as missing:
        open_archive(str(tmp_path / AWKWARD), Settings())
    assert pasted(missing) == ["chuchu", "index", "PATH", "--index", str(tmp_path / AWKWARD)]
    with pytest.raises(ArchiveMissingError) as empty:
        read_manifest(AWKWARD, Unfinished())
    assert pasted(empty) == ["chuchu", "index", "PATH", "--index", AWKWARD]


def test_what_is_damaged_is_mended_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / AWKWARD / "catalogue.sqlite"
    path.parent.mkdir()
    Connection(path, create=True).close()
    connection = Connection(path)
    with pytest.raises(ArchiveDamagedError) as damaged, connection.snapshot():
        connection.rows("SELECT CAST(X'ff' AS TEXT)")
    connection.close()
    assert pasted(damaged) == ["chuchu", "verify", "--repair", "--index", str(path.parent)]


def test_another_model_is_told_the_rebuild_of_this_archive() -> None:
    with pytest.raises(ArchiveMismatchError) as mismatch:
        check_encoder(AWKWARD, {"encoder": "other", "dim": "3"}, FakeEncoder())
    assert pasted(mismatch) == ["chuchu", "index", "--rebuild", "--index", AWKWARD]


def test_a_cluster_is_copied_from_its_address() -> None:
    with pytest.raises(ArchiveError) as elsewhere:
        folder_only("http://host:19530", "chuchu index --rebuild")
    assert pasted(elsewhere) == ["chuchu", "copy", "--from", "http://host:19530", "--to", "FOLDER"]
