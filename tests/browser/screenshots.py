"""Takes the README's pictures of the real pages, on the starting data: ``make screenshots``; not a test.

Each is a WebP file in ``.readme/``, of the width and height that a reader's window has.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from app.assembly import ensure_store, load_catalogue, load_shapes, load_vocabulary, open_repository
from app.engine.direct import DirectEngine
from app.settings import Settings
from app.web import create_app
from tests.browser.conftest import SWITCHES, serving

TARGET = Path(__file__).parents[2] / ".readme"
BASE = "http://localhost:8000/"
QUALITY = 82


def _id(path: str) -> str:
    return quote(f"{BASE}id/{path}", safe="")


PICTURES = {
    "home": ("/", 1280, 900),
    "paths": (f"/paths?from={_id('actor/viens-voir-mon-taf')}&to={_id('actor/la-cite-phares')}", 1280, 1000),
    "actor": ("/actor/poles-noe", 1280, 1000),
    "neighbourhood": (f"/neighbourhood?iri={_id('actor/poles-noe')}", 1280, 900),
    "statistics": ("/statistics", 1280, 1000),
    "map": ("/map", 1280, 1000),
    "phone": ("/actor", 360, 760),
}
"""By name: the page, and the width and height of the window in CSS pixels."""


@contextmanager
def served() -> Iterator[str]:
    """The site over a store of the starting data alone."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data", base_iri=BASE)
        ensure_store(settings)
        repository = open_repository(settings)
        engine = DirectEngine(repository)
        vocabulary = load_vocabulary()
        site = create_app(engine, settings, vocabulary, load_shapes(vocabulary), load_catalogue(), repository)
        with serving(site) as address:
            yield address
        engine.close()


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for switch in (*SWITCHES, "--hide-scrollbars"):
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    with served() as site, browser() as driver:
        for name, (path, width, height) in PICTURES.items():
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            driver.get(site + path)
            shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
            (TARGET / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
