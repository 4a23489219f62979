// One side of a board: run, who (team, player or role), half and phase; and how that is spelled.

import { el, t } from "../words.js";

export class SidePicker {
  constructor(board, start, remove) {
    this.board = board;
    const runs = board.bench.runs;
    const named = (what, select) => el("label", {}, el("span", {}, t(`compare.${what}`)), select);
    this.run = el("select", { onchange: () => this.fill() }, ...runs.map((r) => el("option", { value: r.key, selected: r.key === start.run }, r.name)));
    this.who = el("select");
    this.half = el("select");
    this.phase = el("select");
    this.node = el("li", {}, runs.length > 1 ? named("run", this.run) : null, named("who", this.who), named("half", this.half), named("phase", this.phase),
      el("button", { class: "small", "aria-label": t("compare.remove"), title: t("compare.remove"), onclick: remove }, "×"));
    this.ready = this.fill(start.who);
  }

  async fill(wanted) {
    const can = await this.board.of(this.run.value), option = (value, text) => el("option", { value }, text);
    const team = (letter) => can.teams.find((it) => it.team === letter)?.name ?? letter;
    const group = (label, options) => (options.length ? el("optgroup", { label }, ...options) : null);
    this.who.replaceChildren(...[
      group(t("compare.teams"), can.teams.map((it) => option(`team:${it.team}`, it.name))),
      ...can.teams.map((it) => group(t("compare.players", { team: it.name }), can.players.filter((p) => p.team === it.team).map((p) => option(`player:${p.player}`, p.name)))),
      ...can.teams.map((it) => group(t("compare.roles", { team: it.name }), can.roles.map((role) => option(`role:${it.team}:${role}`, `${role} (${team(it.team)})`)))),
    ].filter(Boolean));
    if (wanted) this.who.value = wanted;
    this.half.replaceChildren(option("", t("compare.whole")), ...can.halves.map((n) => option(String(n), t("compare.half_n", { n }))));
    this.phase.replaceChildren(option("", t("compare.always")), ...can.phases.map((p) => option(p.phase, p.name)));
    this.half.parentNode.hidden = !can.halves.length;
    this.phase.parentNode.hidden = !can.phases.length;
  }

  // As `teamshape compare` spells it, with the run's key in front.
  get text() {
    const [kind, ...rest] = this.who.value.split(":"), said = [];
    if (kind === "team") said.push(`team=${rest[0]}`);
    else if (kind === "player") said.push(`player=${rest[0]}`);
    else said.push(`team=${rest[0]}`, `role=${rest.slice(1).join(":")}`);
    if (this.half.value) said.push(`half=${this.half.value}`);
    if (this.phase.value) said.push(`phase=${this.phase.value}`);
    return `${this.run.value}:${said.join(",")}`;
  }
}
