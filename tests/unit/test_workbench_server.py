"""The workbench's server: who may look, what it tells, and corrections over the wire."""

import asyncio
import json
import logging
import re
from pathlib import Path

import linked_people
import pytest
from fake_run import build
from starlette.testclient import TestClient

import pipeline.workbench
from pipeline.core.errors import RunError
from pipeline.runs.stored_run import StoredRun
from pipeline.workbench.app import create_app
from pipeline.workbench.bench import Bench
from pipeline.workbench.guard import Door, loopback_hosts, new_token
from pipeline.workbench.reading.packed import unpack
from pipeline.workbench.serve import Place, address_of, greeting, listening, worth_saying
from pipeline.workbench.telling.workbench_texts import workbench_texts

PORT, TOKEN = 8765, "secret-token"
OWN = {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}
ASSETS = Path(pipeline.workbench.__file__).parent / "assets"


def opened(root, **door):
    bench = Bench([root], read_only=door.get("read_only", False))
    for session in bench.sessions.values():
        session.apply = lambda: None  # what follows a correction has its own tests
    app = create_app(bench, Door(TOKEN, loopback_hosts(PORT), **door))
    client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=True)
    return client, next(iter(bench.sessions))


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    root = build(tmp_path_factory.mktemp("server") / "run", seconds=4.0, video=True)
    linked_people.write(root)
    return root


@pytest.fixture
def client(linked):
    (linked / "corrections.yaml").unlink(missing_ok=True)
    client, key = opened(linked)
    client.key = key
    return client


def get(client, name):
    return client.get(f"/{TOKEN}/api/{client.key}/{name}")


def say(client, entry, revision=None, headers=OWN, path="corrections"):
    revision = get(client, "corrections").json()["revision"] if revision is None else revision
    body = {"revision": revision} | ({"entry": entry} if entry is not None else {})
    return client.post(f"/{TOKEN}/api/{client.key}/{path}", json=body, headers=headers)


def test_without_the_token_nothing_is_found(client):
    for path in ("/", "/api/runs", "/wrong/api/runs", f"/{TOKEN[:-1]}/", f"/x{TOKEN}/"):
        assert client.get(path).status_code == 404, path
    assert client.get(f"/{TOKEN}/api/runs").status_code == 200
    assert new_token() != new_token()


def test_another_name_for_the_host_is_refused_so_that_no_foreign_name_can_point_here(client):
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1"):
        assert client.get(f"/{TOKEN}/", headers={"host": host}).status_code == 421, host
    assert client.get(f"/{TOKEN}/", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": f"http://127.0.0.1:{PORT + 1}", "sec-fetch-site": "same-site"},
        {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {},
    ],
)
def test_only_its_own_page_may_write(client, headers):
    assert say(client, {"ignore": 2}, headers=headers).status_code == 403
    assert get(client, "corrections").json()["entries"] == []


def test_a_form_of_another_page_cannot_write_either(client):
    path = f"/{TOKEN}/api/{client.key}/corrections"
    plain = OWN | {"content-type": "text/plain"}
    assert client.post(path, content=json.dumps({}), headers=plain).status_code == 403


def test_every_answer_has_the_policy(client):
    for path in ("/", f"/{TOKEN}/", f"/{TOKEN}/api/runs", f"/{TOKEN}/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_read_only_lets_nothing_be_written(linked):
    client, client_key = opened(linked, read_only=True)
    client.key = client_key
    for path in ("corrections", "corrections/undo", "apply", "film/copy"):
        assert say(client, {"ignore": 2}, path=path).status_code == 403
    assert client.get(f"/{TOKEN}/api/runs").json()["read_only"] is True


@pytest.mark.parametrize(
    "name", ["../__init__.py", "%2e%2e/serve.py", "js/../../serve.py", "js", "", "js/none.js", "//etc/passwd"]
)
def test_only_files_of_the_page_are_served(client, name):
    assert client.get(f"/{TOKEN}/assets/{name}").status_code == 404


def test_only_runs_that_were_given_are_open(client):
    assert client.get(f"/{TOKEN}/api/00000000/summary").status_code == 404
    assert client.get(f"/{TOKEN}/api/../summary").status_code == 404


def test_the_page_loads_nothing_from_elsewhere():
    for path in ASSETS.rglob("*"):
        if path.suffix in (".html", ".js", ".css"):
            text = path.read_text(encoding="utf-8")
            assert not re.findall(r"""(?:src|href|from|import|url)\s*[=(]?\s*["'(]?https?:""", text), path
            assert "innerHTML" not in text, path
            assert " style=" not in text, path


def test_a_page_that_still_listens_at_the_end_is_no_fault(caplog):
    log = logging.getLogger("workbench test")
    log.addFilter(worth_saying)
    log.error("Cancel %d running task(s), timeout graceful shutdown exceeded", 1)
    log.error("Exception in ASGI application", exc_info=asyncio.CancelledError())
    log.error("Exception in ASGI application", exc_info=ValueError("a true one"))
    assert [r.exc_info[0] for r in caplog.records] == [ValueError]


def test_modules_import_only_what_is_there():
    for path in (ASSETS / "js").rglob("*.js"):
        for name in re.findall(r'from "(\.[^"]+)"', path.read_text(encoding="utf-8")):
            assert (path.parent / name).resolve().is_file(), f"{path}: {name}"


def test_every_text_is_used_and_every_text_that_is_used_is_there():
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ASSETS / "js").rglob("*.js"))
    code += "\n".join(p.read_text(encoding="utf-8") for p in ASSETS.parent.rglob("*.py"))
    whole = {*re.findall(r'\b(?:t|said)\("([a-z_]+(?:\.[a-z_]+)*)"', code)}
    starts = tuple({*re.findall(r"""\bt\(`([a-z_]+\.(?:[a-z_]+\.)*)\$\{""", code)})
    known = set(workbench_texts())
    assert whole - known == set()
    used = {k for k in known if k in whole or k.startswith(starts) or f'"{k}"' in code}
    assert known - used == set()


def test_what_is_told_of_a_run(client, linked):
    told = get(client, "summary").json()
    assert (told["kind"], told["tracked"]) == ("video", True)
    assert told["width"] == StoredRun.open(linked).record["video"]["width_px"]
    assert told["n_frames"] == len(StoredRun.open(linked).table("frames"))
    assert told["film"]["there"] is True
    assert told["film"]["offset_s"] == 0.0
    for scheme in ("video", "light", "dark"):
        assert len(told["colours"][scheme]["fill"]) == len(told["labels"]) == 8
    people = get(client, "people").json()
    assert [p["label"] for p in people["people"]] == ["10", "B1", "REF 1"]
    assert people["pieces"]["track"] == [1, 2, 12, 23]
    assert people["pieces"]["person"] == [1, None, 12, 23]
    assert people["others"]["25"] == ["ball", None]
    doubts = get(client, "doubts").json()["doubts"]
    assert [d["kind"] for d in doubts] == ["unknown", "link"]
    assert doubts[0]["choices"][0]["entry"]["assign"] == 2
    assert get(client, "strip").json()["lanes"]["formations_a"][0][2] == "4-4-2"
    assert {t["team"] for t in get(client, "results").json()["teams"]} == {"A", "B"}


def test_frames_come_as_numbers_and_times(client, linked):
    _, told = unpack(get(client, "frames").content)
    frames = StoredRun.open(linked).table("frames")
    assert told["frame"].tolist() == frames["frame"].tolist()
    assert told["time_s"].tolist() == frames["time_s"].tolist()


@pytest.mark.parametrize("query", ["", "?first=1", "?first=a&last=2", "?first=5&last=4", "?first=-1&last=3"])
def test_a_window_that_is_none_is_refused(client, query):
    assert get(client, f"masks{query}").status_code == 400


def test_the_footage_is_served_in_ranges(client, linked):
    path = f"/{TOKEN}/api/{client.key}/film"
    whole = Path(StoredRun.open(linked).record["source"]).read_bytes()
    part = client.get(path, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == whole[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert part.headers["content-type"] == "video/mp4"


def test_a_correction_is_told_back_at_once(client, linked):
    told = say(client, {"assign": 2, "to": 12}).json()
    assert len(told["lines"]) == 1
    assert told["lines"][0].startswith(
        "corrections, entry 1 (assign): person 12 would be in two places at once"
    )
    assert not (linked / "corrections.yaml").exists()
    told = say(client, {"assign": 2, "to": "new"}).json()
    assert told["who"]["pieces"]["person"] == [1, 2, 12, 23]
    assert told["state"]["entries"] == [{"number": 1, "line": "- {assign: 2, to: new}"}]
    assert (linked / "corrections.yaml").read_text() == "- {assign: 2, to: new}\n"
    assert get(client, "people").json()["pieces"]["person"] == [1, 2, 12, 23]


def test_undo_and_redo_are_lines_too(client, linked):
    say(client, {"set": 1, "number": 4})
    assert say(client, None, path="corrections/undo").json()["who"]["people"][0]["jersey"] == 10
    told = say(client, None, path="corrections/redo").json()
    assert told["who"]["people"][0]["jersey"] == 4
    assert (told["state"]["undo"], told["state"]["redo"]) == (1, None)
    lines = (linked / "corrections.yaml").read_text().splitlines()
    assert lines == ["- {set: 1, number: 4}", "- {undo: 1}", "- {undo: 2}"]
    assert say(client, None, path="corrections/redo").status_code == 422


def test_of_two_who_correct_at_once_the_second_is_told(client):
    seen = get(client, "corrections").json()["revision"]
    assert say(client, {"set": 1, "number": 4}, seen).status_code == 200
    late = say(client, {"set": 1, "number": 5}, seen)
    assert late.status_code == 409
    assert late.json()["state"]["entries"] == [{"number": 1, "line": "- {set: 1, number: 4}"}]
    assert say(client, {"set": 1, "number": 5}, late.json()["revision"]).status_code == 200


@pytest.mark.parametrize("body", [b"[]", b"{", b"{}", b'{"entry": 3, "revision": "x"}', b'{"entry": {}}'])
def test_nonsense_is_refused(client, body):
    headers = OWN | {"content-type": "application/json"}
    answer = client.post(f"/{TOKEN}/api/{client.key}/corrections", content=body, headers=headers)
    assert answer.status_code == 400


def test_what_is_too_long_is_refused(client):
    assert say(client, {"set": 1, "name": "x" * 30_000}).status_code == 413


def test_without_people_or_footage_it_still_opens(tmp_path):
    client, key = opened(build(tmp_path / "team", mode="team", seconds=1.0))
    client.key = key
    told = get(client, "summary").json()
    assert (told["tracked"], told["film"]["why"]) == (False, "moved")
    assert get(client, "people").json()["people"] == []
    assert get(client, "doubts").json() == {"total": 0, "doubts": [], "revision": told["state"]["revision"]}
    assert get(client, "film").status_code == 404
    assert told["state"]["writable"] is False


def test_a_port_that_is_taken_is_one_line():
    with listening(Place()) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RunError, match=f"127.0.0.1:{port}: cannot listen there"):
            listening(Place(port=port))
    with pytest.raises(RunError, match="--port 70000: expected 0 to 65535"):
        listening(Place(port=70000))


@pytest.mark.parametrize(
    ("host", "read_only", "loud"),
    [
        ("127.0.0.1", False, None),
        ("::1", False, None),
        (
            "0.0.0.0",
            False,
            "WARNING: --host 0.0.0.0 lets everybody in this network .* watch and correct these",
        ),
        ("192.0.2.7", True, "WARNING: --host 192.0.2.7 lets everybody in this network .* watch these runs"),
    ],
)
def test_who_can_reach_it_is_said(host, read_only, loud):
    place = Place(host)
    said = greeting(place, address_of(place, 81, "abc"), read_only)
    assert (re.match(loud, said[0]) is not None) if loud else said[0].startswith("workbench: http://")
    assert said[-2].endswith(":81/abc/")
    assert ("[::1]" in said[-2]) == (host == "::1")
