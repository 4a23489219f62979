"""A run's formations measured anew, over other stretches of time than the run itself has measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import UserError
from pipeline.metrics.direction.attack_direction import attacks_by_period
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.formation.time_windows import FormationSettings, seconds_between
from pipeline.metrics.formation.windowed_formations import Stance, stances
from pipeline.metrics.summary import formation_settings
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.play.phase_names import PHASES, Phase

if TYPE_CHECKING:
    import pandas as pd


def stances_in(run: StoredRun, window_s: float | None, phase: Phase) -> list[Stance]:
    """Measure a run's formations within a phase of play, such as ``build_up``.

    Parameters
    ----------
    window_s
        Visible time behind one formation, s; None for all of a half at once.

    Raises
    ------
    UserError
        If the run doesn't know its phases.
    """
    phases, periods = run.table("phases"), run.table("periods")
    if not len(phases):
        raise UserError(f"{run.root}: phases are not known here (table phases is absent or empty)")
    everyone, settings, out = run.people(), _settings(run, window_s), list[Stance]()
    if len(periods):  # which way they attack says the whole half, not one phase of it
        periods = periods.sort_values("start_s")
        ways = np.array(attacks_by_period(everyone, periods), dtype=object)
        periods = periods.assign(attack_a=ways)
    times = everyone["time_s"].to_numpy(float)
    for team in ("A", "B"):
        spans = phases[(phases["team"] == team) & (phases["phase"] == phase)]
        people = everyone[inside(times, Stretch(phase=phase), team, periods, run.table("possession"), phases)]
        stood = stances(people, settings, periods, None)
        own = [s for s in stood if s.team == team and s.scope == "window"]
        out += [replace(s, phase=phase, coverage=_of_phase(s, spans)) for s in own]
    return out


def _of_phase(stance: Stance, spans: pd.DataFrame) -> float:
    """Give the coverage of the phase's own time; that of a `Stance` is of all of its window."""
    window = stance.window
    seconds = seconds_between(spans, window.start_s, window.end_s)
    return min(1.0, stance.coverage * (window.end_s - window.start_s) / seconds) if seconds > 0 else 1.0


def _settings(run: StoredRun, window_s: float | None) -> FormationSettings:
    settings = formation_settings(run.config)
    whole = float("inf") if window_s is None else window_s
    return replace(settings, window_s=whole, min_s=min(settings.min_s, whole))


def stances_of(run: StoredRun, window_s: float | None, by: str | None) -> list[Stance]:
    """Measure a run's formations anew.

    Parameters
    ----------
    window_s
        Visible time behind one formation, s; None for all of a half at once.
    by
        ``possession`` for time in and out of possession apart, ``phase`` for each phase of play, anything
        else for all of the time.

    Raises
    ------
    UserError
        If it should be by possession or phase and the run doesn't know that.
    """
    if by == "phase":
        stood = [s for phase in PHASES for s in stances_in(run, window_s, phase)]
        return sorted(stood, key=lambda s: (s.period or 0, s.team))
    possession = run.table("possession")
    if by == "possession" and not len(possession):
        raise UserError(
            f"--by possession: {run.root} has no possession (table possession is absent or empty)"
        )
    settings = _settings(run, window_s)
    phases = ("in", "out") if by == "possession" else ("all",)
    stood = stances(run.people(), settings, run.table("periods"), possession if by == "possession" else None)
    return [s for s in stood if s.phase in phases and s.scope == "window"]
