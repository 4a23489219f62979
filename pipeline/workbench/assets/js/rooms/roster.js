// Roster and match: a row a player, line-ups read from files, kit colours, when the halves are.

import { el, t } from "../words.js";
import { readLineUp, rosterTable } from "./roster_table.js";

const TIMES = ["kick_off", "half_time", "second_half"];

class Squad {
  constructor(bench) {
    this.bench = bench;
    this.line = el("p", { class: "wrong", role: "alert" });
    this.note = el("p", { class: "quiet", role: "status" });
    this.tables = el("div", { class: "squads" });
    this.match = el("section", { class: "box", "aria-label": t("roster.match") });
    this.acts = el("div", { class: "choices" });
    this.node = el("div", { class: "roster" },
      el("section", { class: "box", "aria-label": t("roster.title") }, el("h2", {}, t("roster.title")), this.note, this.tables, this.line, this.acts), this.match);
  }

  async load() { this.show(await this.bench.api.json("roster")); }

  show(told) {
    this.told = told;
    this.revision = told.revision;
    this.writable = told.writable && !this.bench.readOnly;
    this.line.textContent = told.lines.join("; ");
    this.note.textContent = this.bench.readOnly ? t("read_only") : told.writable ? t("roster.goes_to", { path: told.path })
      : t(this.bench.run.has.links ? "roster.elsewhere" : "roster.not_used", { path: told.path });
    this.fill(told.players);
    this.drawMatch(told);
    this.acts.replaceChildren(...(this.writable ? this.buttons(told) : []));
  }

  fill(players) {
    this.rows = Object.fromEntries(["A", "B"].map((team) => [team, rosterTable(this.bench, team, players.filter((p) => p.team === team), this.writable)]));
    this.tables.replaceChildren(...["A", "B"].map((team) => this.rows[team].node));
  }

  buttons(told) {
    const home = el("select", {}, ...["A", "B"].map((team) => el("option", { value: team, selected: team === told.home }, this.bench.run.teams[team].name)));
    const file = el("input", { type: "file", accept: ".yaml,.yml,.csv,.json,.xml", onchange: () => this.read(file, home.value) });
    return [
      el("button", { class: "go", onclick: () => this.save() }, t("roster.save")),
      el("label", { class: "inline" }, t("roster.import"), file), el("label", { class: "inline" }, t("roster.home"), home),
    ];
  }

  get players() { return ["A", "B"].flatMap((team) => this.rows[team].players()); }

  async save() {
    await this.say(async () => {
      this.show(await this.bench.api.post("roster", { players: this.players, revision: this.revision }));
      this.bench.notice(t("roster.saved"));
    });
  }

  async read(file, home) {
    const [chosen] = file.files;
    if (!chosen) return;
    await this.say(async () => {
      const { players, lost } = await readLineUp(this.bench.api, chosen, home);
      this.fill(players);
      this.bench.notice(t(lost ? "roster.read_lost" : "roster.read", { n: players.length, lost }));
    });
    file.value = "";
  }

  // Does it; tells why not, and shows what stands where somebody else was first.
  async say(do_) {
    this.line.textContent = "";
    try { await do_(); } catch (error) {
      if (error.status === 409) { this.show(error.body); this.line.textContent = t("roster.conflict"); }
      else this.line.textContent = error.body?.lines?.join("\n") ?? error.message;
    }
  }

  drawMatch(told) {
    const { run } = this.bench;
    const kits = el("ul", { class: "kits" }, ...["A", "B"].map((team) => {
      const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = run.colours.video[team === "A" ? 1 : 2];
      return el("li", {}, swatch, ` ${run.teams[team].name}`);
    }));
    const inputs = Object.fromEntries(TIMES.map((name) => [name, el("input", { value: told.given[name], placeholder: t("roster.look_for"), inputmode: "decimal", autocomplete: "off", disabled: this.bench.readOnly })]));
    const send = (event) => {
      event.preventDefault();
      this.say(async () => {
        this.show(await this.bench.api.post("times", Object.fromEntries(TIMES.map((name) => [name, inputs[name].value]))));
        this.bench.notice(t("roster.times_saved"));
      });
    };
    const halves = told.halves.length ? told.halves.map((h) => t("roster.half", h)).join("; ") : t("roster.no_halves");
    this.match.replaceChildren(el("h2", {}, t("roster.match")), el("h3", {}, t("roster.kits")), kits, el("h3", {}, t("roster.times")), el("p", { class: "quiet" }, halves),
      run.kind === "video" ? el("form", { class: "times", onsubmit: send }, ...TIMES.map((name) => el("label", {}, t(`start.option.${name}`), inputs[name])), this.bench.readOnly ? null : el("button", {}, t("roster.save_times"))) : "");
  }
}

export default {
  name: "roster",
  async mount(node, bench) {
    const squad = new Squad(bench);
    node.replaceChildren(squad.node);
    await squad.load();
    bench.parts = { squad };
  },
};
