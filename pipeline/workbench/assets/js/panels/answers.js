// The answers in brief, and what the last correction changed in them.

import { el, percent, t } from "../words.js";

const PLAYER = ["distance_visible_m", "minutes_visible", "m_per_visible_min", "psv99_mps", "sprints"];
const TEAM = ["formation", "length_m", "width_m", "players_seen"];
const CHECKS = ["teleports", "overlaps", "too_many_frames", "unknown_share"];

export function said(name, value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (name === "psv99_mps") return (3.6 * value).toFixed(1);
  if (name === "unknown_share") return percent(value);
  if (["minutes_visible", "length_m", "width_m", "players_seen"].includes(name)) return value.toFixed(1);
  return String(Math.round(value));
}

// What is being made again, and what is new already.
export function workText(state) {
  if (!state.step) return t("state.waiting");
  const name = t(`step.${state.step}`), step = state.total ? `${name} ${percent(state.done / state.total)}` : name;
  return t(["report", "draw"].includes(state.step) ? "state.page" : state.quick ? "state.quick" : "state.busy", { step });
}

export class Answers {
  constructor(bench) {
    this.bench = bench;
    this.node = el("div", { class: "answers" });
    this.sort = "distance_visible_m";
    bench.on("answers", () => this.load());
    this.work = el("p", { class: "work", role: "status" });
    bench.on("who select", () => this.render());
    bench.on("state", () => this.working());
    this.load();
  }

  async load() {
    this.told = await this.bench.api.json("results");
    this.render();
  }

  working() {
    const { state } = this.bench;
    this.work.textContent = state.busy ? workText(state) : "";
  }

  render() {
    if (!this.told) return;
    this.working();
    const { players, teams, audit, changes } = this.told;
    this.node.replaceChildren(...[
      this.work,
      changes.length ? this.changed(changes) : null,
      teams.length ? this.teams(teams) : null,
      players.length ? this.players(players) : el("p", { class: "quiet" }, t("answers.none")),
      CHECKS.some((c) => audit[c] !== null) ? this.checks(audit) : null,
    ].filter(Boolean));
  }

  table(caption, heads, rows) {
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)));
  }

  changed(changes) {
    const head = ["person", "before", "after"].map((h, k) => el("th", { scope: "col", class: k ? "n" : "" }, t(`answer.${h}`)));
    const rows = changes.slice(0, 40).map((c) => {
      const who = c.of !== null ? this.bench.who.name(c.of) : c.team ? this.bench.run.teams[c.team].name : t("answers.check");
      return el("tr", {}, el("th", { scope: "row" }, `${who}: ${t(`answer.${c.what}`)}`), el("td", { class: "n" }, said(c.what, c.before)), el("td", { class: "n" }, said(c.what, c.after)));
    });
    return el("div", { class: "changed" }, this.table(t("answers.changed"), head, rows));
  }

  teams(teams) {
    const heads = [el("th", { scope: "col" }, t("answer.team")), ...TEAM.map((n) => el("th", { scope: "col", class: "n" }, t(`answer.${n}`)))];
    return this.table(t("answers.teams"), heads, teams.map((row) => el("tr", {},
      el("th", { scope: "row", class: `edge-${row.team}` }, this.bench.run.teams[row.team].name),
      ...TEAM.map((n) => el("td", { class: "n" }, said(n, row[n]))))));
  }

  players(players) {
    const sorter = (name) => el("th", { scope: "col", class: "n", "aria-sort": this.sort === name ? "descending" : null },
      el("button", { onclick: () => { this.sort = name; this.render(); } }, t(`answer.${name}`)));
    const rows = [...players].sort((a, b) => (b[this.sort] ?? -1) - (a[this.sort] ?? -1)).map((row) => {
      const known = this.bench.who.byId.get(row.person), chosen = row.person === this.bench.selected.person;
      return el("tr", { class: chosen ? "chosen" : "" },
        el("th", { scope: "row", class: known?.team ? `edge-${known.team}` : "" }, el("button", { onclick: () => this.bench.select(row.person) }, this.bench.who.name(row.person))),
        ...PLAYER.map((n) => el("td", { class: "n" }, said(n, row[n]))));
    });
    return this.table(t("answers.players"), [el("th", { scope: "col" }, t("answer.person")), ...PLAYER.map(sorter)], rows);
  }

  checks(audit) {
    return el("dl", { class: "checks" }, ...CHECKS.filter((c) => audit[c] !== null).flatMap((c) => [el("dt", {}, t(`answer.${c}`)), el("dd", {}, said(c, audit[c]))]));
  }
}
