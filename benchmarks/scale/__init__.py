"""How an archive of many windows behaves on this machine: `python -m benchmarks.scale --help`."""
