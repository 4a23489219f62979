// A new run: choose footage or tracking data, see what it is, choose options, start.

import { getJson } from "../api.js";
import { clock, el, t } from "../words.js";
import { dataForm } from "./data_form.js";
import { FolderView } from "./folder_view.js";

const TIMES = ["start", "end", "every", "kick_off", "half_time", "second_half"], MODES = ["", "team", "player", "both"];

export class Chooser {
  constructor(desk) {
    this.desk = desk;
    this.line = el("p", { class: "wrong", role: "alert" });
    this.path = el("input", { id: "source", placeholder: t("start.type"), "aria-label": t("start.path"), autocomplete: "off", spellcheck: "false" });
    this.kinds = ["footage", "tracking"].map((kind) => el("button", { type: "button", onclick: () => this.choose(kind) }, t(`start.from.${kind}`)));
    this.place = el("div");
    this.seen = el("div");
    const typed = el("form", { class: "path", onsubmit: (event) => { event.preventDefault(); this.look(this.path.value); } }, this.path, el("button", {}, t("start.look")));
    this.node = el("section", { class: "box", "aria-label": t("start.new") }, el("h2", {}, t("start.new")),
      el("div", { class: "group from", role: "group", "aria-label": t("start.from.label") }, ...this.kinds), typed, this.place, this.line, this.seen);
  }

  // Footage or tracking data: the folders list files of that kind.
  choose(kind) {
    const at = this.view?.at ?? "";
    this.kind = kind;
    this.kinds.forEach((button, k) => button.setAttribute("aria-pressed", String(kind === ["footage", "tracking"][k])));
    this.path.placeholder = t(kind === "footage" ? "start.type" : "start.type_data");
    this.view = new FolderView(kind, (path) => this.look(path), (text) => this.wrong(text));
    this.place.replaceChildren(this.view.node);
    this.seen.replaceChildren();
    this.wrong("");
    return this.view.open(at);
  }

  wrong(text) { this.line.textContent = text; }
  async look(path) {
    this.path.value = path;
    this.seen.replaceChildren(el("p", { class: "quiet" }, t("start.looking")));
    try {
      const told = await getJson(`start/${this.kind === "footage" ? "look" : "data"}?path=${encodeURIComponent(path)}`);
      if (this.kind === "footage") this.show(told); else this.seen.replaceChildren(dataForm(this.desk, told, (text) => this.wrong(text)));
      this.wrong("");
    } catch (error) { this.seen.replaceChildren(); this.wrong(error.message); }
  }

  show(it) {
    const half = (it.duration_s ?? 0) / 2;
    const picture = el("img", { alt: t("start.picture", { name: it.name }), src: `api/start/picture?path=${encodeURIComponent(it.path)}&at=${half}` });
    const rows = [
      [t("start.size"), `${it.width_px} × ${it.height_px} px`], [t("start.rate"), it.fps ? it.fps.toFixed(3).replace(/\.?0+$/, "") : "–"],
      [t("start.duration"), it.duration_s ? clock(it.duration_s, true) : "–"], [t("start.frames"), it.frames ? t("start.claimed", { n: it.frames }) : "–"],
    ];
    const again = el("button", { class: "small", onclick: () => this.desk.ask("check", { path: it.path }, (text) => this.wrong(text)) }, t("start.check"));
    this.seen.replaceChildren(
      el("div", { class: "found" }, picture, el("div", {}, el("dl", { class: "facts" }, ...rows.flatMap(([a, b]) => [el("dt", {}, a), el("dd", {}, b)])),
        ...it.notes.map((n) => el("p", { class: "warn" }, t(`start.note.${n}`, { tiles: it.tiles }))), again)),
      this.form(it));
  }

  form(it) {
    const fields = {};
    const field = (name, input, wide = false) => { fields[name] = input; return el("label", { class: wide ? "wide" : "" }, t(`start.option.${name}`), input); };
    const config = el("select", { onchange: () => { about.textContent = t(`start.config.${config.value}`); } }, ...this.desk.configs.map((c) => el("option", { value: c }, c)));
    const about = el("small", {}, t("start.config.match"));
    const configLabel = field("config", config);
    configLabel.append(about);
    const mode = el("select", {}, ...MODES.map((m) => el("option", { value: m }, t(`start.mode.${m || "usual"}`))));
    const name = el("input", { placeholder: t("start.name_auto"), autocomplete: "off" });
    const time = (what) => field(what, el("input", { placeholder: t(what === "every" ? "start.seconds" : "start.time"), inputmode: "decimal", autocomplete: "off" }));
    const file = (kind) => {
      const input = el("input", { autocomplete: "off", spellcheck: "false", placeholder: t("start.none") });
      const view = new FolderView(kind, (path) => { input.value = path; view.node.hidden = true; }, (text) => this.wrong(text));
      view.node.hidden = true;
      const browse = el("button", { type: "button", class: "small", onclick: () => { view.node.hidden = !view.node.hidden; if (!view.node.hidden) view.open(""); } }, t("start.browse"));
      return el("div", { class: "wide" }, field(kind, input), browse, view.node);
    };
    const more = el("details", { class: "wide" }, el("summary", {}, t("start.more_options")), el("div", { class: "options" }, ...TIMES.slice(2).map(time), file("roster"), file("points")));
    const send = async (event) => {
      event.preventDefault();
      const body = { source: it.path };
      for (const [key, input] of Object.entries(fields)) body[key] = input.value.trim();
      if (await this.desk.ask("order", body, (text) => this.wrong(text))) { this.desk.notice(t("start.ordered")); document.getElementById("jobs")?.scrollIntoView({ block: "nearest" }); }
    };
    return el("form", { onsubmit: send }, el("div", { class: "options" }, configLabel, field("mode", mode), field("name", name), ...TIMES.slice(0, 2).map(time), more),
      el("button", { class: "go" }, t("start.go")), " ", el("small", {}, t("start.goes_to", { out: this.desk.out })));
  }
}
