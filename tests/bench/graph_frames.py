"""How smooth the graph is: frames while dragging 2,000 nodes at 780 pixels a second in Chromium, by software alone.

python -m tests.bench.graph_frames [--nodes 2000] [--seconds 4]
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import math
import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from app.asking.marks import family, shape
from app.discovery.placing import Plane
from tests.browser.conftest import SWITCHES

STATIC = Path(__file__).parents[2] / "app" / "web" / "static"
PAGE = b"""<!doctype html><html lang="fr"><link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="/graph.css">
<script type="application/json" id="words">{}</script><main class="wide"></main></html>"""
LIMIT = 33.0
PAN = """
const [data, seconds, done] = arguments;
(async () => {
  const { Model } = await import('/graph/model.js');
  const { Explorer } = await import('/graph/explorer.js');
  const explorer = new Explorer(new Model(data), { name: 'x' });
  document.querySelector('main').append(explorer.element);
  explorer.start();
  const picture = explorer.picture;
  await new Promise(r => setTimeout(r, 500));
  const draws = [], frames = [];
  const draw = picture.draw.bind(picture);
  picture.draw = () => { const began = performance.now(); draw(); draws.push(performance.now() - began); };
  let last = performance.now(), turn = 0;
  const end = last + seconds * 1000;
  await new Promise(finished => {
    const step = now => {
      frames.push(now - last);
      last = now;
      const way = Math.floor(turn / 60) % 2 ? -1 : 1;
      picture.pan(12 * way, 5 * way);
      turn += 1;
      now < end ? requestAnimationFrame(step) : finished();
    };
    requestAnimationFrame(step);
  });
  return { frames: frames.slice(2), draws, shown: explorer.model.shown.filter(Boolean).length };
})().then(done, error => done({ error: String(error) }));
"""


def synthetic(count: int) -> dict[str, Any]:
    """A picture as the server makes one: a centre, nodes opened at random until there are enough, and twice as many links."""
    chance, plane = random.Random(1), Plane()
    plane.put(0, (0.0, 0.0))
    parents: list[int | None] = [None]
    while len(parents) < count:
        parent = chance.randrange(len(parents)) if len(parents) > 1 else 0
        fresh = list(range(len(parents), min(count, len(parents) + (60 if parent == 0 else chance.randint(2, 20)))))
        plane.around(parent, fresh, near=150.0 if parent == 0 else 84.0, fan=math.pi if len(fresh) > 14 else 1.1)
        parents += [parent] * len(fresh)
    kinds = ["actor", "partnership", "project", "theme", "territory", "document"]
    nodes = [
        {"iri": f"urn:{n}", "label": f"Association de quartier no {n}", "degree": chance.randint(1, 30), "parent": parent}
        | {"kind": kinds[n % 6], "family": family(kinds[n % 6]), "shape": shape(kinds[n % 6])}
        | dict(zip("xy", plane.places[n], strict=True))
        for n, parent in enumerate(parents)
    ]
    ties = [(p, n) for n, p in enumerate(parents) if p is not None]
    ties += [(chance.randrange(count), chance.randrange(count)) for _ in range(count)]
    links = [{"source": a, "target": b, "kind": i % 4, "sentence": "…"} for i, (a, b) in enumerate(ties)]
    looks = [
        {"iri": f"urn:k{n}", "label": f"k{n}", "family": name}
        for n, name in enumerate(("partnership", "theme", "territory", "other"))
    ]
    return {"nodes": nodes, "links": links, "kinds": looks, "natures": {}, "themes": {}, "more": []}


class _Static(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)
        return None

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Static, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for switch in (*SWITCHES, "--window-size=1280,1000"):
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.get(f"http://127.0.0.1:{server.server_port}/")
        driver.set_script_timeout(60)
        yield driver
    finally:
        driver.quit()
        server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    data = synthetic(given.nodes)
    with browser() as driver:
        found = driver.execute_async_script(PAN, json.loads(json.dumps(data)), given.seconds)
    if "error" in found:
        raise SystemExit(found["error"])
    print(f"{found['shown']} nodes, {len(data['links'])} links, {len(found['frames'])} frames")
    for name in ("frames", "draws"):
        half, most = _share(found[name], 0.5), _share(found[name], 0.95)
        print(f"  {name:7} median {half:5.1f} ms   95th percentile {most:5.1f} ms   worst {max(found[name]):5.1f} ms")
    kept = "yes" if _share(found["frames"], 0.95) < LIMIT else "NO"
    print(f"  frames at the 95th percentile under {LIMIT:g} ms: {kept}")


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
