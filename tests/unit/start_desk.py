"""The start page over HTTP, with processes that only do what a test says."""

from __future__ import annotations

from starlette.testclient import TestClient

from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts
from pipeline.workbench.starting.desk import Desk

PORT, TOKEN = 8765, "secret-token"
OWN = {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}


class FakeChild:
    """A process that says what the test makes it say."""

    def __init__(self, module, path, on_event, on_end):
        self.path, self.say, self.on_end = path, on_event, on_end
        self.stopped = False

    def stop(self):
        self.stopped = True
        self.on_end(None)

    def wait(self, timeout_s=None):
        pass


class StartPage:
    """A client of the start page of ``folder``; ``children`` are the processes that were started."""

    def __init__(self, *folders, read_only=False, out=None):
        self.children = []
        self.desk = Desk(folders, out, start=self._child)
        self.bench = Bench([], read_only=read_only, desk=self.desk)
        app = create_app(self.bench, Door(TOKEN, loopback_hosts(PORT), read_only))
        self.client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}")

    def _child(self, *given):
        self.children.append(FakeChild(*given))
        return self.children[-1]

    def get(self, name, **query):
        return self.client.get(f"/{TOKEN}/api/{name}", params=query)

    def post(self, name, body, headers=OWN):
        return self.client.post(f"/{TOKEN}/api/start/{name}", json=body, headers=headers)

    def jobs(self):
        return self.get("start/runs").json()["queue"]["jobs"]
