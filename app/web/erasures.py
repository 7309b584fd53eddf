"""Has a web process let go of what it read before an erasure, at the first request after it; the erasing is the engine's."""

from __future__ import annotations

from flask import Flask

from app.web.site import Site


def register(app: Flask) -> None:
    """To be called before what looks at the site. A request that had begun keeps what it has, and leaves nothing behind."""

    def renew() -> None:
        site: Site = app.extensions["maillage"]
        erased = site.history.erased()
        if erased != site.erased:
            app.extensions["maillage"] = site.renewed(erased)

    app.before_request(renew)
