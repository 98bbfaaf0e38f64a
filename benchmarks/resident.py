"""What Linux tells of a process's memory."""

from pathlib import Path


def kilobytes(name: str, pid: int | str = "self", file: str = "status") -> int:
    """Return a field of a process's `status` or `smaps_rollup`."""
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return int(dict(line.split(":", 1) for line in lines if ":" in line)[name].split()[0])
