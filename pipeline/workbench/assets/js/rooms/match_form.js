// What match it was: date, score, teams, kits, when the halves are, who attacks where; kept in match.yaml.

import { el, t } from "../words.js";

const TEXTS = ["competition", "round", "venue"], TIMES = ["kick_off", "half_time", "second_half"];
const ARROWS = { left_to_right: "→", right_to_left: "←" };

// send(entries): as in the file, empty where nothing is said.
export function matchForm(bench, told, writable, send) {
  const { said } = told.match, holds = told.input, { run } = bench, footage = run.kind === "video";
  const input = (value, more = {}) => el("input", { value: value ?? "", autocomplete: "off", disabled: !writable, ...more });
  const label = (text, ...nodes) => el("label", {}, text, ...nodes);
  const date = input(said.date, { type: "date" });
  const goals = [0, 1].map((k) => input(said.score?.[k], { type: "number", min: "0", max: "99", "aria-label": t("match.goals", { team: run.teams["AB"[k]].name }), placeholder: holds.score?.[k] ?? "" }));
  const names = Object.fromEntries(["A", "B"].map((team) => [team, input(said.teams?.[team], { maxLength: 60, placeholder: holds.teams[team] ?? t("match.unnamed") })]));
  const texts = Object.fromEntries(TEXTS.map((name) => [name, input(said[name], { maxLength: 80, placeholder: holds[name] ?? "" })]));
  const times = Object.fromEntries(TIMES.map((name) => [name, input(said[name], { inputmode: "decimal", placeholder: holds[name] ?? t("roster.look_for"), class: "short" })]));
  const way = el("select", { disabled: !writable }, el("option", { value: "" }, t("match.look_for")), ...Object.keys(ARROWS).map((w) => el("option", { value: w, selected: said.attack_a === w }, t(`match.${w}`))));
  const kits = Object.fromEntries(["A", "B"].map((team) => [team, kit(bench, team, said.kits?.[team], writable)]));
  const entries = () => ({
    date: date.value, score: goals.some((g) => g.value) ? goals.map((g) => Number(g.value || 0)) : "",
    ...Object.fromEntries(TEXTS.map((name) => [name, texts[name].value])),
    teams: Object.fromEntries(["A", "B"].map((team) => [team, names[team].value.trim()])),
    kits: Object.fromEntries(["A", "B"].map((team) => [team, kits[team].value()])),
    ...(footage ? { ...Object.fromEntries(TIMES.map((name) => [name, times[name].value])), attack_a: way.value } : {}),
  });
  const team = (letter) => el("div", { class: "fields-row" }, label(t("match.team", { team: letter }), names[letter]), kits[letter].node);
  const part = (title, ...nodes) => el("fieldset", {}, el("legend", {}, title), ...nodes);
  const found = told.halves.length
    ? told.halves.map((h) => t("roster.half", { ...h, way: h.attack_a ? t("match.attacks", { team: run.teams.A.name, arrow: ARROWS[h.attack_a] }) : "" })).join("; ") : t("roster.no_halves");
  return el("form", { class: "match", onsubmit: (event) => { event.preventDefault(); send(entries()); } },
    part(t("match.what"), el("div", { class: "fields-row" }, label(t("match.date"), date), el("span", { class: "score", role: "group", "aria-label": t("match.score") }, el("span", {}, t("match.score")), goals[0], ":", goals[1])),
      el("div", { class: "fields-row" }, ...TEXTS.map((name) => label(t(`match.${name}`), texts[name])))),
    part(t("match.teams"), team("A"), team("B")),
    part(t("roster.times"), el("p", { class: "quiet" }, found),
      footage ? el("div", { class: "fields-row" }, ...TIMES.map((name) => label(t(`start.option.${name}`), times[name])), label(t("match.direction", { team: run.teams.A.name }), way)) : el("p", { class: "quiet" }, t("match.from_data"))),
    writable ? el("button", { class: "go" }, t("match.save")) : null);
}

// A kit's colour: as found in the pictures, or chosen.
function kit(bench, team, said, writable) {
  const shown = bench.run.colours.light.fill[team === "A" ? 1 : 2], name = bench.run.teams[team].name;
  const colour = el("input", { type: "color", value: said ?? shown, disabled: !writable || !said, "aria-label": t("match.kit_of", { team: name }) });
  const own = el("input", { type: "checkbox", checked: Boolean(said), disabled: !writable, onchange: () => { colour.disabled = !own.checked; } });
  const node = el("span", { class: "kit" }, colour, el("label", { class: "inline" }, own, t("match.kit")));
  return { node, value: () => (own.checked ? colour.value : "") };
}
