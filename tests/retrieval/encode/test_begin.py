import numpy as np

from retrieval.encode.encoder import CalibratedEncoder, Calibration, QueryEmbedding, embed_query
from retrieval.encode.onnx import OnnxEncoder
from tests.fakes import FakeEncoder


class Beginning(FakeEncoder):
    """Computes a question it has begun with only when its vector is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []

    def embed_query(self, question: str) -> QueryEmbedding:
        self.begun.append(question)
        return QueryEmbedding(lambda: self.encode_queries([question])[0])


def test_what_was_begun_ends_with_the_vector_that_encoding_gives() -> None:
    for encoder in (FakeEncoder(), Beginning()):
        assert np.array_equal(embed_query(encoder, "新桥多长").vector(), encoder.encode_queries(["新桥多长"])[0])


def test_an_encoder_that_can_begins_at_once() -> None:
    encoder = Beginning()
    calibrated = CalibratedEncoder(encoder, Calibration(np.full(64, 0.25, np.float32), {}))
    begun = calibrated.embed_query("新橋多長")
    assert encoder.begun == ["新桥多长"]
    assert np.array_equal(begun.vector(), calibrated.encode_queries(["新橋多長"])[0])


def test_several_questions_may_be_begun_before_the_first_is_computed(encoder: OnnxEncoder) -> None:
    questions = ["青岚江大桥全长多少米？", "How long is the bridge?", "橋", "x" * 3000]
    begun = [embed_query(encoder, question) for question in questions]
    for question, each in zip(questions, begun, strict=True):
        assert np.allclose(each.vector(), encoder.encode_queries([question])[0], atol=1e-5)
