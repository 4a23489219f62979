// Rows of the timeline: lanes of the match, then a row a person, then tracks of nobody in particular.

import { t } from "./words.js";

const NOBODY_ROWS = 8;

// [{kind: "lane" | "person" | "nobody", title, spans | pieces, person, team}]
export function timelineRows(who, lanes) {
  const rows = Object.entries(lanes).map(([name, spans]) => ({ kind: "lane", name, title: t(`lane.${name}`), spans }));
  const order = { A: 0, B: 1 };
  const people = [...who.people].sort((a, b) =>
    (order[a.team] ?? 2) - (order[b.team] ?? 2) || (b.role === "goalkeeper") - (a.role === "goalkeeper") ||
    (a.jersey ?? 999) - (b.jersey ?? 999) || a.player_id - b.player_id);
  let team = "first";
  for (const person of people) {
    const own = person.team ?? "officials";
    rows.push({
      kind: "person", person: person.player_id, team: person.team, title: person.label, heads: own !== team,
      pieces: who.ofPerson.get(person.player_id) ?? [],
    });
    team = own;
  }
  for (const side of ["A", "B", null]) {
    const loose = who.pieces.filter((p) => p.person === null && (p.team ?? null) === side && p.role !== "other");
    packed(loose).forEach((pieces, k) => rows.push({ kind: "nobody", team: side, title: k ? "" : `? ${side ?? ""}`, heads: k === 0, pieces }));
  }
  return rows;
}

// Lay pieces side by side in few rows; what does not fit lies over others in the last.
function packed(pieces) {
  const rows = [];
  for (const piece of [...pieces].sort((a, b) => a.from - b.from)) {
    const free = rows.find((row) => row.at(-1).to < piece.from) ?? (rows.length < NOBODY_ROWS ? null : rows.at(-1));
    if (free) free.push(piece); else rows.push([piece]);
  }
  return rows;
}
