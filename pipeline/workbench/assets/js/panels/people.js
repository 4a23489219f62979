// Who takes part: a list to choose from, and what can be said of who is selected.

import { clock, el, t } from "../words.js";

const ROLES = ["player", "goalkeeper", "referee"];

export class People {
  constructor(bench, edits) {
    Object.assign(this, { bench, edits });
    this.card = el("div", { class: "person", "aria-live": "polite" });
    this.filter = el("input", { type: "search", placeholder: t("people.filter"), "aria-label": t("people.filter"), oninput: () => this.list() });
    this.names = el("div", { class: "names" });
    this.node = el("div", { class: "people" }, this.card, this.filter, this.names);
    this.other = null;
    bench.on("who", () => { this.list(); this.render(); });
    bench.on("select state", () => { this.mark(); this.render(); });
    bench.clock.addEventListener("aim", () => this.moment());
    bench.clock.addEventListener("frame", () => this.moment());
    this.list();
    this.render();
  }

  get frame() { return this.bench.times.frame[this.bench.clock.aim]; }

  list() {
    const wanted = this.filter.value.trim().toLowerCase(), groups = [];
    for (const [team, title] of [["A", this.bench.run.teams.A.name], ["B", this.bench.run.teams.B.name], [null, t("people.officials")]]) {
      const own = this.bench.who.people.filter((p) => (p.team ?? null) === team && p.label.toLowerCase().includes(wanted));
      if (!own.length) continue;
      groups.push(el("h3", {}, title), el("ul", {}, ...own.map((p) => el("li", {},
        el("button", { class: `who ${team ? `edge-${team}` : ""}`, "data-person": String(p.player_id), onclick: () => this.pick(p) },
          p.label, p.role === "goalkeeper" ? " · GK" : "",
          p.minutes_in_view === null ? null : el("small", {}, this.seen(p.minutes_in_view)))))));
    }
    this.names.replaceChildren(...groups);
    this.mark();
  }

  seen(minutes) {
    return minutes < 2 ? t("people.seconds", { seconds: Math.round(60 * minutes) }) : t("people.minutes", { minutes: minutes.toFixed(0) });
  }

  mark() {
    for (const button of this.names.querySelectorAll("[data-person]"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.person) === this.bench.selected.person));
  }

  // Select somebody; if he is not seen now, go to where he is next.
  pick(person) {
    this.bench.select(person.player_id);
    if (this.bench.who.pieceOf(person.player_id, this.frame)) return;
    const [before, behind] = this.bench.who.around(person.player_id, this.frame), piece = behind ?? before;
    if (piece) this.bench.clock.seek(this.bench.times.rowOf(piece.from));
  }

  moment() {
    const key = this.key();
    if (key !== this.shown) this.render();
  }

  // What the card depends on: re-made only when one of these is another.
  key() {
    const { person, track } = this.bench.selected, piece = this.bench.piece(this.frame);
    return `${person} ${track} ${piece?.index} ${this.bench.writable} ${this.bench.state.revision}`;
  }

  render() {
    this.shown = this.key();
    const { person, track } = this.bench.selected, piece = this.bench.piece(this.frame);
    if (person === null && !piece) {
      this.card.replaceChildren(el("p", { class: "quiet" }, track === null ? t("people.nobody") : t("people.track", { track })));
      return;
    }
    const known = this.bench.who.byId.get(person);
    this.card.replaceChildren(
      el("h3", { class: known?.team ? `edge-${known.team}` : "" }, known ? known.label : t("people.unknown")),
      this.where(person, piece),
      ...(this.bench.writable ? [known ? this.form(known) : null, this.verbs(known, piece)] : []).filter(Boolean));
  }

  where(person, piece) {
    if (piece) return el("p", { class: "quiet" }, t("people.here"), ": ", t("people.track", { track: piece.track }));
    const [before, behind] = this.bench.who.around(person, this.frame), { times } = this.bench;
    const go = (target) => () => this.bench.clock.seek(target);
    return el("p", { class: "quiet" },
      before && behind ? t("people.gap", { from: clock(times.time_s[times.rowOf(before.to)], true), to: clock(times.time_s[times.rowOf(behind.from)], true) }) : t("people.not_seen"),
      " ", before ? el("button", { class: "small", onclick: go(times.rowOf(before.to)) }, t("people.previous")) : null,
      " ", behind ? el("button", { class: "small", onclick: go(times.rowOf(behind.from)) }, t("people.next")) : null);
  }

  form(known) {
    const number = el("input", { type: "number", min: "1", max: "99", name: "number", value: known.jersey === null ? "" : String(known.jersey) });
    const name = el("input", { type: "text", name: "name", value: known.name ?? "", maxLength: 60 });
    const choice = (key, values, own, text) => el("select", { name: key }, ...values.map((v) => el("option", { value: v, selected: v === own }, text(v))));
    const team = choice("team", ["A", "B"], known.team, (v) => this.bench.run.teams[v].name);
    const role = choice("role", ROLES, known.role, (v) => t(`role.${v}`));
    const save = (event) => {
      event.preventDefault();
      const said = {};
      if (number.value && Number(number.value) !== known.jersey) said.number = Number(number.value);
      if (name.value.trim() && name.value.trim() !== known.name) said.name = name.value.trim();
      if (role.value !== known.role) said.role = role.value;
      if (role.value !== "referee" && team.value !== known.team) said.team = team.value;
      if (Object.keys(said).length) this.edits.set(said);
    };
    const field = (key, input) => el("label", {}, t(`verb.${key}`), input);
    return el("form", { class: "fields", onsubmit: save }, field("number", number), field("name", name), field("team", team), field("role", role),
      el("button", { type: "submit" }, t("verb.set")));
  }

  verbs(known, piece) {
    const others = known ? this.bench.who.alike(known.player_id) : this.bench.who.people;
    this.other = el("select", { id: "other", "aria-label": t("verb.other") }, el("option", { value: "" }, t("verb.choose")),
      ...others.map((p) => el("option", { value: String(p.player_id), selected: this.wanted === p.player_id }, p.label)),
      ...(piece ? this.bench.who.roster.filter((r) => !piece.team || r.team === piece.team) : []).map((r) =>
        el("option", { value: `${r.team}${r.number}` }, `${t("verb.roster", r)}${r.name ? `: ${r.name}` : ""}`)),
      piece ? el("option", { value: "new" }, t("verb.new")) : null);
    const here = el("input", { type: "checkbox", id: "from-here" });
    const gap = known && !piece ? this.bench.who.around(known.player_id, this.frame) : [];
    // A person's number; "new" and numbers of the roster only where a piece is given to somebody.
    const withOther = (do_, anybody = false) => () => {
      const said = this.other.value, known_ = /^\d+$/.test(said);
      this.wanted = Number(said);
      if (said && (known_ || anybody)) do_(known_ ? Number(said) : said); else this.other.focus();
    };
    const verb = (name, do_, on = true) => el("button", { "data-verb": name, title: t(`verb.${name}_why`, { name: known?.label, other: "…" }), disabled: !on, onclick: do_ }, t(`verb.${name}`));
    return el("div", { class: "verbs" },
      el("label", { for: "other" }, t("verb.other")), this.other,
      el("div", { class: "choices" },
        known ? verb("swap", withOther((who) => this.edits.swap(who))) : null,
        known ? verb("join", withOther((who) => this.edits.join(who))) : null,
        verb("assign", withOther((who) => this.edits.assign(piece, who, here.checked), true), Boolean(piece)),
        el("label", { class: "inline" }, here, t("verb.assign_here"))),
      el("div", { class: "choices" },
        verb("split", () => this.edits.split(piece), Boolean(piece) && this.frame > piece.from),
        verb("ignore", () => this.edits.ignore(piece), Boolean(piece)),
        known ? verb("end", () => this.edits.end()) : null,
        gap[0] && gap[1] ? verb("extend", () => this.edits.extend(gap)) : null));
  }

  swapFromHere() { this.card.querySelector('[data-verb="swap"]')?.click(); }
  splitHere() { this.card.querySelector('[data-verb="split"]:not([disabled])')?.click(); }
}
