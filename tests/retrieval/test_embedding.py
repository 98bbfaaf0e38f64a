import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from retrieval.encode.encoder import AHEAD, Embedding, Vectors, Vectors16, embed
from tests.fakes import FakeEncoder

Batches = Iterator[tuple[str, Vectors16]]


def texts(*names: str) -> dict[bytes, str]:
    return {name.encode(): name for name in names}


def never() -> bool:
    return False


def flow(embedding: Embedding[str], batches: Sequence[str]) -> Batches:
    for batch in batches:
        yield from embedding.add(batch, texts(*batch))
    yield from embedding.rest(never)


def test_batches_come_back_in_their_order_each_with_its_new_texts() -> None:
    encoder = FakeEncoder()
    with Embedding[str](encoder) as embedding:
        found = list(flow(embedding, ["ab", "bc", "d", "da"]))
    assert [batch for batch, _ in found] == ["ab", "bc", "d", "da"]
    assert [sorted(fresh) for _, fresh in found] == [[b"a", b"b"], [b"c"], [b"d"], [b"a"]]
    expected = FakeEncoder().encode_passages(["c"])[0].astype(np.float16)
    assert np.array_equal(found[1][1][b"c"], expected)


def test_no_more_batches_wait_than_are_meant_to() -> None:
    with Embedding[str](FakeEncoder()) as embedding:
        waiting = 0
        for number in range(20):
            done = list(embedding.add(str(number), texts(str(number))))
            waiting += 1 - len(done)
            assert waiting <= AHEAD
        assert len(list(embedding.rest(never))) == waiting


def test_one_batch_is_embedded_while_another_is_written() -> None:
    begun, written = threading.Event(), threading.Event()

    class Waiting(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if "b" in texts:
                begun.set()
                assert written.wait(60)
            return super().encode_passages(texts)

    with Embedding[str](Waiting()) as embedding:
        assert list(embedding.add("a", texts("a"))) == []
        ((first, _),) = embedding.add("b", texts("b"))
        assert first == "a"
        assert begun.wait(60)  # b is at it, and a is ours
        written.set()
        assert [batch for batch, _ in embedding.rest(never)] == ["b"]


def test_once_stopped_what_is_begun_is_finished_and_the_rest_is_left() -> None:
    begun, stop = threading.Event(), threading.Event()

    class Slow(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            begun.set()
            assert stop.wait(60)
            return super().encode_passages(texts)

    encoder = Slow()
    with Embedding[str](encoder) as embedding:
        # without taking what comes back, more batches wait than usual
        for batch in "abc":
            embedding._submit(batch, texts(batch))
        assert begun.wait(60)

        def is_stopped() -> bool:
            stop.set()
            return True

        assert [batch for batch, _ in embedding.rest(is_stopped)] == ["a"]
    assert encoder.encoded == ["a"]


def test_a_failure_reaches_the_writer_with_its_own_batch() -> None:
    class Failing(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if "b" in texts:
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    with Embedding[str](Failing()) as embedding:
        batches = flow(embedding, ["a", "b", "c"])
        assert next(batches)[0] == "a"
        with pytest.raises(KeyboardInterrupt):
            next(batches)


def test_no_texts_need_no_encoder() -> None:
    encoder = FakeEncoder()
    assert embed(encoder, {}) == {}
    assert encoder.encoded == []
