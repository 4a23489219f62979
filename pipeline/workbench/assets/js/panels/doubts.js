// The queue of doubts: the worst first, each accepted or settled with one key.

import { clock, el, percent, t } from "../words.js";

// Kinds of doubt whose first choice is who is assumed.
const ASSUMED = ["link", "jump", "crossing"];

export class Doubts {
  constructor(bench, edits, count) {
    Object.assign(this, { bench, edits, count });
    this.list = [];
    this.at = -1;
    this.later = new Set();
    this.node = el("div", { class: "doubts" });
    bench.on("doubts", () => this.load());
    bench.on("state", () => this.render());
    this.load();
  }

  async load() {
    const told = await this.bench.api.json("doubts");
    const was = this.list[this.at]?.text;
    this.list = told.doubts.filter((d) => !this.later.has(d.text));
    this.total = told.total;
    // Behind a settled doubt the next one takes its place.
    const same = this.list.findIndex((d) => d.text === was);
    if (this.at >= 0) this.at = same >= 0 ? same : Math.min(this.at, this.list.length - 1);
    this.count(this.total ? String(this.total) : "");
    this.render();
    if (this.at >= 0 && same < 0) this.open(this.at);
  }

  move(by) { if (this.list.length) this.open(Math.max(0, Math.min(this.list.length - 1, this.at + by))); }

  open(at) {
    this.at = at;
    const doubt = this.list[at];
    this.render();
    if (!doubt) return;
    this.node.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    const { bench } = this;
    bench.clock.loop = null;
    if (doubt.start_s !== undefined) bench.clock.seekTime(doubt.start_s);
    if (doubt.track !== undefined) bench.select(doubt.person ?? null, doubt.track);
    else if (doubt.choices.length) bench.select(doubt.choices[0].person);
  }

  accept() {
    const doubt = this.list[this.at];
    if (doubt && ASSUMED.includes(doubt.kind)) this.choose(0);
  }

  choose(k) {
    const choice = this.list[this.at]?.choices[k];
    if (choice) this.edits.say(choice.entry);
  }

  skip() {
    this.later.add(this.list[this.at].text);
    this.load();
  }

  render() {
    const { list } = this;
    if (!list.length) { this.node.replaceChildren(el("p", { class: "quiet" }, t("doubts.none"))); return; }
    const shown = list.slice(0, Math.max(30, this.at + 10));
    this.node.replaceChildren(
      el("p", { class: "quiet" }, t("doubts.unsettled", { count: this.total }), " · ", t("doubts.keys")),
      el("ol", { class: "cards" }, ...shown.map((doubt, k) => this.card(doubt, k))));
  }

  card(doubt, k) {
    const on = k === this.at, time = doubt.start_s === undefined ? "" : clock(doubt.start_s, true);
    const head = el("button", { class: "card-head", onclick: () => this.open(k) },
      el("b", {}, t(`doubts.${doubt.kind}`, { name: this.bench.who.name(doubt.person), other: this.bench.who.name(doubt.second), time, far: doubt.far_m, passed: doubt.passed_s, team: this.team(doubt) })),
      el("small", {}, t("doubts.stake", { seconds: doubt.at_stake_s })));
    return el("li", { class: `card ${doubt.team ? `edge-${doubt.team}` : ""}`, "aria-current": on ? "true" : null }, head, on ? this.body(doubt) : null);
  }

  team(doubt) { return this.bench.run.teams[doubt.team]?.name ?? ""; }

  body(doubt) {
    if (doubt.kind === "camera") return el("p", { class: "quiet" }, t("doubts.camera_why"));
    const buttons = doubt.choices.map((choice, k) => {
      const assumed = ASSUMED.includes(doubt.kind) && k === 0, rival = choice.person !== null && choice.person === doubt.second;
      const share = assumed ? doubt.score : rival ? doubt.second_score : null;
      const met = doubt.kind === "crossing" ? t(k ? "doubts.changed" : "doubts.kept") : null;
      const name = doubt.kind === "number" ? t("doubts.same") : choice.person === null ? t("doubts.new") : this.bench.who.name(choice.person);
      return el("button", { class: assumed ? "choice first" : "choice", "aria-keyshortcuts": k < 9 ? String(k + 1) : null, disabled: !this.bench.writable, onclick: () => this.choose(k) },
        k < 9 ? el("kbd", { "aria-hidden": "true" }, String(k + 1)) : null, met ?? (assumed ? t("doubts.accept", { name }) : name),
        share === null ? null : el("small", {}, percent(share)));
    });
    const piece = doubt.track === undefined ? null : this.bench.who.piece(doubt.track, doubt.from);
    return el("div", { class: "card-body" },
      piece ? el("p", { class: "quiet" }, t("people.track", { track: doubt.track }), ", ", t("doubts.seen", { seconds: doubt.seconds })) : null,
      el("div", { class: "choices" }, ...(doubt.kind === "number" ? buttons.slice(0, 1) : buttons)),
      el("div", { class: "choices" },
        piece && doubt.kind !== "crossing" ? el("button", { disabled: !this.bench.writable, onclick: () => this.edits.ignore(piece) }, t("doubts.ignore")) : null,
        el("button", { onclick: () => this.skip() }, t("doubts.skip"))));
  }
}
