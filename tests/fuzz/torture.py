"""The crash campaign: kills, full disks, double starts, another input, another clock.

``python tests/fuzz/torture.py N [NAMES]`` kills each command that writes N times `writers.Work.share`, half
of them at a random moment of its work and half at a random step that writes, and starts it again: it
has to end, with the content that an undisturbed run has, and leave no part. Results are lines of
``build/torture/results.jsonl``; a command that is there with as many kills is not run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import forked
import interrupting
import kinds
from writers import WORK, Work

_HERE = Path(os.environ.get("TEAMSHAPE_TORTURE", Path(__file__).parents[2] / "build" / "torture"))
_SAID = Path(tempfile.gettempdir()) / f"teamshape-said-{os.getpid()}"
_TICKS = os.sysconf("SC_CLK_TCK")
_LIMIT_S = 900


@dataclass(frozen=True)
class Result:
    """What was done to one command, and what broke."""

    name: str
    kills: int
    full: int
    double: int
    replaced: int
    clock: int
    broke: list[str]


@dataclass(frozen=True)
class Usual:
    """What an undisturbed run does: what it makes, processor seconds, steps that write."""

    made: dict[str, str]
    cpu_s: float
    steps: int


def content(folder: Path, noise: tuple[str, ...]) -> dict[str, str]:
    """What the command made: digests by name; of what may differ only that it is there, and of parts all."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {
        n: "" if any(x in n for x in noise) else hashlib.sha256(p.read_bytes()).hexdigest()
        for n, p in names.items()
    }


def fresh(work: Work, root: Path, name: str) -> Path:
    """A new folder with the input."""
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    work.prepare(folder)
    return folder


def whole(work: Work, folder: Path, before: Callable[[], object] | None = None) -> forked.End:
    """Run the command to its end; what it says goes elsewhere, where there is room."""
    log = _SAID
    return forked.end(forked.begin(work.command, folder, log, before), log, _LIMIT_S)


def one_line(ended: forked.End) -> str:
    """Say what is wrong with a refusal; empty if nothing."""
    lines = [x for x in ended.said.splitlines() if x.startswith("teamshape:")]
    if "Traceback" in ended.said or ended.code != 2 or len(lines) != 1:
        return f"ended with {ended.code}, {len(lines)} lines: {ended.said[-600:]!r}"
    return ""


def ends_right(work: Work, folder: Path, usual: Usual) -> str:
    """Start again, and compare; says what is wrong, empty if nothing."""
    ended = whole(work, folder)
    wrong = differs(work, folder, usual)
    if ended.code and (wrong or one_line(ended)):  # what is whole already may be refused
        return f"the same command does not continue: {ended.said[-300:]!r}; {wrong}"
    return wrong


def differs(work: Work, folder: Path, usual: Usual) -> str:
    """Compare what is there with what an undisturbed run makes."""
    made = content(folder, work.noise)
    wrong = sorted(n for n in usual.made.keys() | made.keys() if usual.made.get(n) != made.get(n))
    return f"differs: {wrong[:5]}" if wrong else ""


def killed(work: Work, root: Path, n: int, usual: Usual, rng: random.Random) -> Iterator[str]:
    """Kill the command n times, each in a new folder, and let it go on."""
    done = 0
    for i in range(4 * n):
        if done == n:
            return
        folder, at = fresh(work, root, f"kill{i}"), "?"
        if usual.steps and i % 2:
            step = rng.randrange(usual.steps)
            at, code = f"step {step} of {usual.steps}", whole(work, folder, interrupting.kill_at(step)).code
        else:
            moment = rng.uniform(0.02, 1) * usual.cpu_s
            at, code = f"{moment:.2f} s", _killed_after(work, folder, moment)
        if code != -signal.SIGKILL:
            continue  # it was quicker
        done += 1
        if wrong := ends_right(work, folder, usual):
            yield f"kill {i} at {at}: {wrong}"
        else:
            shutil.rmtree(folder)
    yield f"only {done} of {n} kills"


def _killed_after(work: Work, folder: Path, cpu_s: float) -> int:
    """Kill the command when it has worked for so long, however busy the machine is; its exit code."""
    log = _SAID
    child = forked.begin(work.command, folder, log)
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        if (int(fields[11]) + int(fields[12])) / _TICKS >= cpu_s:
            os.kill(child, signal.SIGKILL)
            break
        time.sleep(0.002)
    return forked.end(child, log).code


def full_disks(work: Work, root: Path, n: int, usual: Usual, rng: random.Random) -> Iterator[str]:
    """Fill the disk at several levels; then continue with room enough.

    A third each: files cannot grow over some size, no file can be made from some step on, a small disk.
    """
    for i in range(n):
        folder, how = fresh(work, root, f"full{i}"), i % 3
        if (
            how == 2
            and work.moves
            and (said := _on_small_disk(work, folder, 2 ** rng.randrange(2, 9))) is not None
        ):
            at, ended = said
        elif how == 1 and usual.steps:
            step = rng.randrange(usual.steps)
            at, ended = f"from step {step}", whole(work, folder, interrupting.full_from(step))
        else:
            size = 2 ** rng.randrange(12, 18)  # what it says has room

            def limit(size: int = size) -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

            at, ended = f"files up to {size} bytes", whole(work, folder, limit)
        # Some levels leave room enough.
        wrong = (
            one_line(ended) or ends_right(work, folder, usual) if ended.code else differs(work, folder, usual)
        )
        if wrong:
            yield f"full disk {i}, {at}: {wrong}"
        else:
            shutil.rmtree(folder)


def _on_small_disk(work: Work, folder: Path, room_kb: int) -> tuple[str, forked.End] | None:
    """Run the command on a disk with so much room beside its input; None where none may be mounted."""
    with _small_disk(folder, room_kb) as disk:
        if disk is None:
            return None
        ended = whole(work, disk)
        shutil.copytree(disk, folder, symlinks=True, dirs_exist_ok=True)
    return f"a disk with {room_kb} kB left", ended


@contextmanager
def _small_disk(folder: Path, room_kb: int) -> Iterator[Path | None]:
    used = sum(4096 * (p.stat().st_size // 4096 + 2) for p in folder.rglob("*") if p.is_file())
    place = folder.with_name(folder.name + ".disk")
    place.mkdir(exist_ok=True)
    size = used + 1024 * room_kb + 65536
    if os.system(f"mount -t tmpfs -o size={size} tmpfs '{place}' 2>/dev/null"):
        yield None
        return
    try:
        shutil.copytree(folder, place / folder.name)
        yield place / folder.name
    finally:
        os.system(f"umount '{place}'")
        place.rmdir()


def twice(work: Work, root: Path, usual: Usual) -> Iterator[str]:
    """Start the command twice at once: one ends, the other too, or is told in one line who is at work."""
    folder = fresh(work, root, "twice")
    logs = [root / "first.said", root / "second.said"]
    ends = [forked.end(c, x) for c, x in [(forked.begin(work.command, folder, x), x) for x in logs]]
    yield from (f"twice: {w}" for e in ends if e.code and (w := one_line(e)))
    if all(e.code for e in ends):
        yield "twice: nobody ended"
    elif wrong := differs(work, folder, usual):
        yield f"twice: {wrong}"


def replaced(work: Work, root: Path, usual: Usual, rng: random.Random) -> Iterator[str]:
    """Put another input under the same name, after the end and after a kill: refused, or its own result."""
    assert work.others is not None
    other = fresh(work, root, "other")
    work.others(other)
    whole(work, other)
    expected = content(other, work.noise)
    for moment in (None, rng.uniform(0.3, 0.9) * usual.cpu_s):
        folder = fresh(work, root, "replaced")
        whole(work, folder) if moment is None else _killed_after(work, folder, moment)
        before = content(folder / "out", work.noise)
        work.others(folder)
        ended = whole(work, folder)
        made = content(folder, work.noise)
        if ended.code and (wrong := one_line(ended)):
            yield f"replaced: {wrong}"
        elif ended.code and content(folder / "out", work.noise) != before:
            yield "replaced: refused, but the first run has changed"
        elif not ended.code and made != expected:
            yield f"replaced: {sorted(n for n in expected if expected[n] != made.get(n))[:5]}"


def clock_set_back(work: Work, root: Path, usual: Usual) -> Iterator[str]:
    """Files of tomorrow are no reason to do, or to skip, anything; nor are half-made ones."""
    for moment in (None, 0.6 * usual.cpu_s):
        folder = fresh(work, root, "clock")
        whole(work, folder) if moment is None else _killed_after(work, folder, moment)
        for path in folder.rglob("*"):
            os.utime(path, (time.time() + 86_400,) * 2, follow_symlinks=False)
        if wrong := ends_right(work, folder, usual):
            yield f"clock: {wrong}"


def tortured(name: str, n: int, root: Path) -> Result:
    """Do all of it to one command."""
    work, rng = WORK[name], random.Random(f"{name}{n}")
    folder = fresh(work, root, "plain")
    steps = root / "steps"
    ended = whole(work, folder, interrupting.counted(steps))
    usual = Usual(content(folder, work.noise), ended.cpu_s, steps.stat().st_size)
    if ended.code:
        return Result(name, 0, 0, 0, 0, 0, [f"undisturbed: {ended.said[-300:]}"])
    full = max(round(n / 2), 3)
    broke = [*killed(work, root, n, usual, rng), *full_disks(work, root, full, usual, rng)]
    broke += twice(work, root, usual)
    if work.others:
        broke += [*replaced(work, root, usual, rng), *clock_set_back(work, root, usual)]
    if not broke:
        shutil.rmtree(root)
    return Result(name, n, full, 1, 2 * bool(work.others), 2 * bool(work.others), broke)


def main() -> int:
    """Run the campaign; exit code 1 if anything broke."""
    n = int(sys.argv[1])
    chosen = sys.argv[2].split(",") if len(sys.argv) > 2 else list(WORK)
    _HERE.mkdir(parents=True, exist_ok=True)
    results = _HERE / "results.jsonl"
    lines = results.read_text().splitlines() if results.exists() else []
    known = {r.name: r for r in (Result(**json.loads(x)) for x in lines)}
    kinds.warm_up()
    with results.open("a") as out:
        for name in chosen:
            kills = max(round(n * WORK[name].share), 2)
            if name not in known or known[name].kills < kills:
                known[name] = tortured(name, kills, _HERE / name.replace(" ", "-"))
                print(json.dumps(asdict(known[name])), file=out, flush=True)
            _say(known[name])
    return _summed([known[x] for x in chosen])


def _say(r: Result) -> None:
    others = f"{r.double} double start, {r.replaced} inputs replaced, {r.clock} clocks set back"
    print(f"{r.name}: {r.kills} kills, {r.full} full disks, {others}: {len(r.broke)} broke", flush=True)
    for line in r.broke:
        print(f"  {line}", flush=True)


def _summed(results: list[Result]) -> int:
    kills, broke = sum(r.kills for r in results), sum(len(r.broke) for r in results)
    full = sum(r.full for r in results)
    print(f"{len(results)} commands, {kills} kills, {full} full disks: {broke} broke")
    return 1 if broke else 0


if __name__ == "__main__":
    sys.exit(main())
