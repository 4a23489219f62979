// Roster and match: a row a player, line-ups read from files, and what match it was.

import { el, t } from "../words.js";
import { matchForm } from "./match_form.js";
import { readLineUp, rosterTable } from "./roster_table.js";


class Squad {
  constructor(bench) {
    this.bench = bench;
    this.line = el("p", { class: "wrong", role: "alert" });
    this.matchLine = el("p", { class: "wrong", role: "alert" });
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
  async say(do_, line = this.line) {
    line.textContent = "";
    try { await do_(); } catch (error) {
      if (error.status === 409) { this.show(error.body); line.textContent = t("roster.conflict"); }
      else line.textContent = error.body?.lines?.join("\n") ?? error.message;
    }
  }

  drawMatch(told) {
    const { path, writable, lines } = told.match, may = writable && !this.bench.readOnly;
    const send = (match) => this.say(async () => {
      const now = await this.bench.api.post("match", { match, revision: told.match.revision });
      await this.bench.renew();  // teams and colours may be others now
      this.show(now);
      this.bench.notice(t("match.saved"));
    }, this.matchLine);
    this.matchLine.textContent = lines.join("; ");
    this.match.replaceChildren(el("h2", {}, t("roster.match")), el("p", { class: "quiet" }, t(writable ? "roster.goes_to" : "match.elsewhere", { path })),
      matchForm(this.bench, told, may, send), this.matchLine);
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
