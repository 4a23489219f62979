"""What a player mostly played, and who else played such a place: from table ``roles``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.runs.stored_run import StoredRun

if TYPE_CHECKING:
    import pandas as pd

KEEPERS = "goalkeepers"
_GROUPS = {
    "centre-backs": ("CB", "LCB", "RCB"),
    "full-backs and wing-backs": ("LB", "RB", "LWB", "RWB"),
    "central midfielders": ("DM", "LDM", "RDM", "CM", "LCM", "RCM", "AM", "LAM", "RAM"),
    "wide midfielders and wingers": ("LM", "RM", "LW", "RW"),
    "strikers": ("ST", "LST", "RST", "CF", "LF", "RF"),
}
_GROUP_OF = {role: group for group, roles in _GROUPS.items() for role in roles}


def group_of(role: str) -> str | None:
    """Name the group of a role of a formation, such as ``LCB``; None for a role without a name."""
    return _GROUP_OF.get(role)


def role_times(run: StoredRun, phase: str = "all") -> pd.DataFrame:
    """Say how much of his time each track spent in each role: ``track_id, role, share``, the most first.

    Over the spans of the match where it has any, else over its windows.
    """
    roles = run.table("roles")
    roles = roles[(roles["phase"] == phase) & roles["track_id"].notna()]
    spans = roles[roles["scope"] == "span"]
    own = spans if len(spans) else roles[roles["scope"] == "window"]
    total = own.groupby(["track_id", "role"], as_index=False)["n_frames"].sum()
    share = total["n_frames"] / total.groupby("track_id")["n_frames"].transform("sum")
    made: pd.DataFrame = total.assign(share=share)[["track_id", "role", "share"]]
    return made.sort_values(["track_id", "share"], ascending=[True, False], ignore_index=True)


def groups(run: StoredRun) -> dict[int, str]:
    """Give each player's group, by the role that he played most; those without one are left out."""
    identities = run.by_person("positions")[1]
    keepers = identities.loc[identities["role"] == "goalkeeper", "track_id"].astype(int)
    mostly = role_times(run).drop_duplicates("track_id")
    found = {int(t): group_of(r) for t, r in zip(mostly["track_id"], mostly["role"], strict=True)}
    return {t: g for t, g in found.items() if g} | dict.fromkeys(keepers.tolist(), KEEPERS)
