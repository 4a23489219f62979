// One team's players as a table of inputs, and a line-up file read by the server.

import { clock, el, t } from "../words.js";

const FIELDS = [["number", 3], ["name", 18], ["position", 5], ["on", 6], ["off", 6]];

// How long each number of a team was seen, s.
function seenByNumber(who, team) {
  const seen = new Map();
  for (const person of who.people) {
    if (person.team !== team || person.jersey === null) continue;
    const seconds = (who.ofPerson.get(person.player_id) ?? []).reduce((sum, piece) => sum + (piece.seconds ?? 0), 0);
    seen.set(person.jersey, (seen.get(person.jersey) ?? 0) + seconds);
  }
  return seen;
}

// Gives {node, players()}: entries as in roster.yaml, with what was typed.
export function rosterTable(bench, team, players, writable) {
  const body = el("tbody"), rows = [], seen = seenByNumber(bench.who, team);
  const add = (player = {}) => {
    const inputs = Object.fromEntries(FIELDS.map(([name, size]) => [name, el("input", {
      size, value: String(player[name] ?? ""), "aria-label": t(`roster.${name}`), disabled: !writable, inputmode: name === "number" ? "numeric" : null, autocomplete: "off", spellcheck: "false",
    })]));
    const shown = el("td", { class: "n" });
    const tell = () => { const s = seen.get(Number(inputs.number.value)); shown.textContent = s ? clock(s) : "–"; };
    inputs.number.addEventListener("input", tell);
    tell();
    const entry = { inputs, node: null };
    const remove = writable ? el("td", {}, el("button", { class: "small", "aria-label": t("roster.remove"), title: t("roster.remove"), onclick: () => { rows.splice(rows.indexOf(entry), 1); entry.node.remove(); } }, "×")) : null;
    entry.node = el("tr", {}, ...FIELDS.map(([name]) => el("td", {}, inputs[name])), shown, remove);
    rows.push(entry);
    body.append(entry.node);
    return inputs;
  };
  players.forEach(add);
  const heads = [...FIELDS.map(([name]) => el("th", { scope: "col" }, t(`roster.${name}`))), el("th", { scope: "col", class: "n" }, t("roster.seen")), writable ? el("td") : null];
  const name = bench.run.teams[team].name;
  const node = el("div", { class: "squad" }, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
    el("table", {}, el("caption", { class: `edge-${team}` }, name), el("thead", {}, el("tr", {}, ...heads)), body)),
    writable ? el("button", { class: "small", onclick: () => add().number.focus() }, t("roster.add")) : null);
  const number = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());
  const entries = () => rows.map(({ inputs }) => ({
    team, number: number(inputs.number.value), name: inputs.name.value.trim(), position: inputs.position.value.trim(), on: inputs.on.value.trim(), off: inputs.off.value.trim(),
  })).filter((p) => p.number !== "" || p.name);
  return { node, players: entries };
}

export const readLineUp = async (api, file, home) => api.post("roster/import", { name: file.name, text: await file.text(), home });
