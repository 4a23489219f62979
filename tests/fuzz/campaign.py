"""Run commands on damaged input, each in a process of its own, and hold them to the rule.

The rule: finished, or one line and exit code 2; in time and memory; nothing changed but what was asked for,
and no part left. ``python tests/fuzz/campaign.py N [SEED]`` runs N cases of each kind and prints those that
break it.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import kinds

LIMIT_S, LIMIT_KB = 60, 2_000_000
"""Seconds of the processor, so that a busy machine breaks no rule; and memory."""
_HANGS_S = 600
FOUND = 1
"""`data check` exits with this when something must be mended."""


@dataclass(frozen=True)
class Outcome:
    """How one case ended. ``broken`` says which part of the rule, empty if none."""

    kind: str
    seed: int
    code: int
    seconds: float
    peak_kb: int
    broken: str
    said: str


def run_case(kind: str, seed: int, work: Path) -> Outcome:
    """Make the case in a new folder below ``work``, run and judge it; a folder that broke the rule stays."""
    folder = work / f"{kind}-{seed}"
    (folder / "in").mkdir(parents=True)
    (folder / "victim.txt").write_text("precious")
    commands = kinds.ALL[kind](folder, random.Random(f"{kind}{seed}"))
    before = _digests(folder)
    code, seconds, peak, said = 0, 0.0, 0, ""
    for command in commands:
        code, took, kb, text = call(command, folder)
        seconds, peak, said = seconds + took, max(peak, kb), said + text
        if code:
            break
    broken = _judge(folder, before, code, seconds, peak, said)
    if not broken:
        shutil.rmtree(folder)
    return Outcome(kind, seed, code, seconds, peak, broken, said[-2000:])


def call(command: list[str], folder: Path) -> tuple[int, float, int, str]:
    """Run one command in a fork of this process: exit code, CPU seconds, peak memory in kB, what it said."""
    log, began = folder / ".said", time.monotonic()
    child = os.fork()
    if child == 0:
        _be(command, folder, log)
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > _HANGS_S:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    text = log.read_text(errors="replace")
    log.unlink()
    took = usage.ru_utime + usage.ru_stime
    return os.waitstatus_to_exitcode(status), took, usage.ru_maxrss, text


def _be(command: list[str], folder: Path, log: Path) -> None:
    """Become the command; never returns."""
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 5))
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        os.chdir(folder)
        sys.argv = ["teamshape", *command]
        from pipeline.cli.main import main

        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0
    except BaseException:  # noqa: BLE001 - this is what is looked for
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _judge(folder: Path, before: dict[str, str], code: int, seconds: float, peak: int, said: str) -> str:
    after = _digests(folder)
    lines = [x for x in said.splitlines() if x.startswith("teamshape:")]
    left = [p for p in after if ".part" in p]
    changed = [p for p, digest in before.items() if after.get(p) != digest]
    outside = [p for p in after if p not in before and not p.startswith("out")]
    if seconds > LIMIT_S:
        return f"took {seconds:.0f} s"
    if "Traceback" in said or code not in (0, 2, FOUND):
        return f"ended with {code}"
    if code == FOUND and "page:" not in said:
        return "ended with 1"
    if code == 2 and len(lines) != 1:
        return f"{len(lines)} lines"
    if peak > LIMIT_KB:
        return f"took {peak / 1e6:.1f} GB"
    if changed or outside:
        return f"changed {changed}, wrote {outside}"
    return f"left {left}" if left else ""


def _digests(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def main() -> int:
    """Run N cases of each kind; exit code 1 if one breaks the rule."""
    n, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    chosen = sys.argv[3].split(",") if len(sys.argv) > 3 else list(kinds.ALL)
    kinds.warm_up()
    work = Path(tempfile.mkdtemp(prefix="teamshape-fuzz-"))
    bad, codes = 0, Counter()
    for seed in range(first, first + n):
        for kind in chosen:
            out = run_case(kind, seed, work)
            codes[kind, out.code] += 1
            if out.broken:
                bad += 1
                last = (out.said.strip().splitlines() or [""])[-1]
                print(f"{kind} {seed}: {out.broken}; {last[:200]}", flush=True)
    print(f"{n * len(chosen)} cases, {bad} broke the rule (kept in {work})")
    for (kind, code), count in sorted(codes.items()):
        print(f"  {kind:<10} exit {code}: {count}")
    if not bad:
        shutil.rmtree(work)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
