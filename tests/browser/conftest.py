"""A real browser over the site on a real port; Debian's Chromium, told to call nobody."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from urllib3.exceptions import HTTPError
from waitress.server import create_server

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
)
PATIENCE = 60
"""Seconds for one command of the browser: none takes as long, so it hangs."""
HANGS = ["ReadTimeoutError", "MaxRetryError"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test during which the browser itself has hung is run once more, in a new one."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=HANGS))


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which an app is served."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """The address of the running site."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def seed(seed_app: Flask) -> Iterator[str]:
    """The address of the site over the seed."""
    with serving(seed_app) as address:
        yield address


class Chromium:
    """One browser for all tests of a process; one that answers no more is given up, and a new one takes its place."""

    def __init__(self, binary: str, chromedriver: str) -> None:
        self._binary = binary
        self._chromedriver = chromedriver
        self._driver: webdriver.Chrome | None = None

    def answering(self) -> webdriver.Chrome:
        if self._driver is not None and not _answers(self._driver):
            self.close()
        self._driver = self._driver or self._started()
        return self._driver

    def _started(self) -> webdriver.Chrome:
        options = webdriver.ChromeOptions()
        options.binary_location = self._binary
        for switch in SWITCHES:
            options.add_argument(switch)
        browser = webdriver.Chrome(options=options, service=Service(self._chromedriver))
        browser.command_executor.client_config.timeout = PATIENCE
        return browser

    def close(self) -> None:
        """The browser is gone afterwards, also where it does not answer."""
        driver, self._driver = self._driver, None
        if driver is not None and _answers(driver):
            driver.quit()
        elif driver is not None:
            os.kill(driver.capabilities["goog:processID"], signal.SIGKILL)
            driver.service.process.kill()


def _answers(driver: webdriver.Chrome) -> bool:
    try:
        return driver.title is not None
    except (HTTPError, WebDriverException):
        return False


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    binary, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or chromedriver is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    browser = Chromium(binary, chromedriver)
    yield browser
    browser.close()


@pytest.fixture
def driver(chromium: Chromium) -> webdriver.Chrome:
    return chromium.answering()


@pytest.fixture
def show(driver: webdriver.Chrome, site: str) -> Callable[..., webdriver.Chrome]:
    """Open a page at a width and in a colour scheme."""

    def open_page(path: str, *, width: int = 1280, scheme: str = "light") -> webdriver.Chrome:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        in_scheme(driver, scheme)
        driver.get(site + path)
        return driver

    return open_page


def in_scheme(page: webdriver.Chrome, scheme: str) -> None:
    """The page in a colour scheme, light or dark, from now on."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
