"""Where the process begins: `python -m bot …` is `chuchu …`."""

import gc
import os


def main() -> None:
    """Run the command line, on one core what NumPy does, and without looking for garbage among what stays.

    NumPy's threads (OpenBLAS's) wait for more to do by spinning: of 5.4 ms of processor time that each of 64 questions
    took to embed together, 1.6 were theirs. What takes long has threads of its own here, in onnxruntime's and FAISS's
    hands. The variable counts only until NumPy is loaded.

    Loading the modules makes 110,000 objects and no garbage, and the process ends with them. Searching through them
    again and again, and once more to take them apart at the end, took a fifth of a question's processor time.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()
    try:
        from bot.cli import main as run

        gc.freeze()
        gc.enable()
        run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
