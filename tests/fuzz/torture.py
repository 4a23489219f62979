"""The crash campaign: kills at random moments, full disks, double starts, another source, another clock.

``python tests/fuzz/torture.py N`` kills each command that writes N times, then starts it again: it has to
end, with the tables that an undisturbed run has, and leave no part. Counts are printed.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import kinds
import tracking_files

DEMO = Path(__file__).parents[2] / "pipeline" / "demo" / "demo.mp4"
_LIMIT_S = 300
_NOISE = ("created", "seconds", "run.json", "steps/", "export.json", ".html", ".lock", ".mp4", ".onnx")
"""Names of what may differ between two runs: times of day and of work, pages that show them."""


@dataclass(frozen=True)
class Work:
    """A command that writes, and the input that it needs, made in the folder where it runs."""

    command: list[str]
    prepare: Callable[[Path], None]


def _table(folder: Path) -> None:
    tracking_files.long_table().to_csv(folder / "match.csv", index=False)


def _labels(folder: Path) -> None:
    kinds.labels_whole(folder / "src")


WORK = {
    "run": Work(
        ["run", str(DEMO), "-o", "out", "--end", "0.3", "--set", "segment.imgsz=160"], lambda folder: None
    ),
    "analyze": Work(["analyze", "match.csv", "-o", "out"], _table),
    "import": Work(["data", "import", "coco", "src", "-o", "out"], _labels),
    "render": Work(["data", "render", "-o", "out", "-n", "2", "--per-scene", "2"], lambda folder: None),
    "export": Work(["export", "run", "--format", "csv", "-o", "out"], kinds.run_copied),
    "movement": Work(["movement", "run", "-o", "out/m.csv"], kinds.run_copied),
    "heatmap": Work(["heatmap", "run", "--team", "A", "-o", "out/h.csv"], kinds.run_copied),
}


def start(work: Work, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start the command in ``folder``."""
    command = [sys.executable, "-m", "pipeline", *work.command]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    return subprocess.Popen(command, cwd=folder, **pipes, **options)  # type: ignore[call-overload, no-any-return]


def whole(work: Work, folder: Path, **options: object) -> tuple[int, str]:
    """Run the command to its end: exit code, and what it said."""
    process = start(work, folder, **options)
    try:
        said = process.communicate(timeout=_LIMIT_S)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[0] + "\nTraceback: took too long"
    return process.returncode, said


def content(folder: Path) -> dict[str, str]:
    """What the command made: digests by name, without what may differ."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {
        n: hashlib.sha256(p.read_bytes()).hexdigest()
        for n, p in names.items()
        if not any(x in n for x in _NOISE)
    }


def fresh(work: Work, root: Path, name: str) -> Path:
    """A new folder with the input."""
    folder = root / name
    folder.mkdir()
    work.prepare(folder)
    return folder


def one_line(code: int, said: str) -> str:
    """Say what is wrong with a refusal; empty if nothing."""
    lines = [x for x in said.splitlines() if x.startswith("teamshape:")]
    if "Traceback" in said or code != 2 or len(lines) != 1:
        return f"ended with {code}, {len(lines)} lines: {said[-300:]!r}"
    return ""


def ends_right(work: Work, folder: Path, expected: dict[str, str]) -> str:
    """Start again, and compare; says what is wrong, empty if nothing."""
    code, said = whole(work, folder)
    if code:
        return f"the same command does not continue: {said[-300:]!r}"
    made = content(folder)
    wrong = sorted(n for n in expected.keys() | made.keys() if expected.get(n) != made.get(n))
    return f"differs: {wrong[:5]}" if wrong else ""


def killed(
    work: Work, root: Path, n: int, expected: dict[str, str], usual_s: float, rng: random.Random
) -> list[str]:
    """Kill the command n times at random moments, each in a new folder, and let it go on."""
    bad = []
    for i in range(n):
        folder = fresh(work, root, f"kill{i}")
        process = start(work, folder)
        time.sleep(rng.uniform(0.2, 1.0) * usual_s)
        process.kill()
        process.communicate()
        if wrong := ends_right(work, folder, expected):
            bad.append(f"kill {i}: {wrong}")
        else:
            shutil.rmtree(folder)
    return bad


def full_disk(work: Work, root: Path, levels: int, expected: dict[str, str]) -> list[str]:
    """Limit the size of a file, or mount a small disk, at several levels; then continue with room enough."""
    bad = []
    for i in range(levels):
        folder = fresh(work, root, f"full{i}")
        small = 512 * 4**i

        def limit(small: int = small) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (small, resource.RLIM_INFINITY))

        code, said = whole(work, folder, preexec_fn=limit)
        wrong = one_line(code, said) if code else ""
        if wrong := wrong or ends_right(work, folder, expected):
            bad.append(f"files up to {small} bytes: {wrong}")
        else:
            shutil.rmtree(folder)
    return bad


def twice(work: Work, root: Path, expected: dict[str, str]) -> list[str]:
    """Start the command twice at once: one ends, the other too, or is told in one line who is at work."""
    folder = fresh(work, root, "twice")
    first, second = start(work, folder), start(work, folder)
    ends = [(p.communicate()[0], p.returncode) for p in (first, second)]
    bad = [w for said, code in ends if code and (w := one_line(code, said))]
    if all(code for _, code in ends):
        bad.append("nobody ended")
    return bad or [w for w in [ends_right_or_refused(work, folder, expected)] if w]


def ends_right_or_refused(work: Work, folder: Path, expected: dict[str, str]) -> str:
    """Compare what is there; the command need not be started again."""
    made = content(folder)
    wrong = sorted(n for n in expected.keys() | made.keys() if expected.get(n) != made.get(n))
    return f"differs: {wrong[:5]}" if wrong else ""


def source_replaced(root: Path) -> list[str]:
    """Another table under the same name: refused in one line, and the run of the first still stands."""
    work = WORK["analyze"]
    folder = fresh(work, root, "replaced")
    whole(work, folder)
    before = content(folder / "out")
    tracking_files.long_table(seconds=3.0).to_csv(folder / "match.csv", index=False)
    code, said = whole(work, folder)
    bad = [w for w in [one_line(code, said)] if w]
    return bad if content(folder / "out") == before else [*bad, "the first run has changed"]


def clock_set_back(root: Path, expected: dict[str, str]) -> list[str]:
    """Files of tomorrow are no reason to do, or to skip, anything."""
    work = WORK["analyze"]
    folder = fresh(work, root, "clock")
    whole(work, folder)
    for path in folder.rglob("*"):
        os.utime(path, (time.time() + 86_400,) * 2)
    return [w for w in [ends_right(work, folder, expected)] if w]


def main() -> int:
    """Run the campaign; exit code 1 if anything broke."""
    n = int(sys.argv[1])
    chosen = sys.argv[2].split(",") if len(sys.argv) > 2 else list(WORK)
    rng, total, bad = random.Random(0), 0, []
    root = Path(tempfile.mkdtemp(prefix="teamshape-torture-"))
    for name in chosen:
        work, place = WORK[name], root / name
        place.mkdir()
        plain = fresh(work, place, "plain")
        began = time.monotonic()
        code, said = whole(work, plain)
        usual_s, expected = time.monotonic() - began, content(plain)
        found = [f"undisturbed: {said[-300:]}"] if code else []
        found += killed(work, place, n, expected, usual_s, rng)
        found += full_disk(work, place, 6, expected)
        found += twice(work, place, expected)
        if name == "analyze":
            found += source_replaced(place) + clock_set_back(place, expected)
        total += n + 7
        bad += [f"{name}: {f}" for f in found]
        print(
            f"{name}: {n} kills, 6 full disks, 1 double start ({usual_s:.1f} s each): {len(found)} broke",
            flush=True,
        )
        print(*found, sep="\n", flush=True)
    print(f"{total} disturbances, {len(bad)} broke" + (f" (kept in {root})" if bad else ""))
    if not bad:
        shutil.rmtree(root)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
