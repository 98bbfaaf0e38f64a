"""`/healthz` and `/metrics`, on an address that only the machine itself should reach."""

from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

Page = Callable[[], tuple[int, str]]
"""Returns an HTTP status and a text."""


class _Handler(RequestHandler):
    def initialize(self, page: Page) -> None:
        """Serve one page."""
        self._page = page

    def get(self) -> None:
        """Write the page."""
        status, text = self._page()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.write(text)


def serve(host: str, port: int, pages: dict[str, Page]) -> HTTPServer:
    """Serve pages by their paths until the server is stopped.

    Raises:
        OSError: the address is taken.
    """
    routes = [(path, _Handler, {"page": page}) for path, page in pages.items()]
    server = HTTPServer(Application(routes))
    server.listen(port, host)
    return server
