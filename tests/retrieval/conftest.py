"""What the tests of retrieval share."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _reader_only_with_its_model(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let nothing be read in modules where a stand-in embeds: with the reader a question takes 34 ms instead of 3."""
    own = (item for item in request.session.items if item.path == request.path)
    with pytest.MonkeyPatch.context() as environment:
        if not any("prepared_cache" in getattr(item, "fixturenames", ()) for item in own):
            environment.setenv("CHUCHU_READER", "off")
        yield
