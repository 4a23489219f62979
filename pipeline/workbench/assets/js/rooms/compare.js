// The comparing board: sides are chosen here; figures and numbers come from the server as one piece of HTML,
// which stands in a tree of its own with the style of the report's pages.

import { getJson, RunApi } from "../api.js";
import { saveFigure } from "../save_figure.js";
import { el, t } from "../words.js";
import { SidePicker } from "./side_picker.js";

const LEAST = 2, MOST = 12;

class Board {
  constructor(bench) {
    this.bench = bench;
    this.choices = new Map();
    this.pickers = [];
    this.list = el("ol", { class: "sides" });
    this.line = el("p", { class: "wrong", role: "alert" });
    this.saved = el("span", { class: "group" });
    this.host = el("div", { class: "board" });
    this.root = this.host.attachShadow({ mode: "open" });
    const add = el("button", { onclick: () => this.add() }, t("compare.add"));
    const go = el("button", { class: "go", onclick: () => this.show() }, t("compare.go"));
    this.node = el("div", { class: "compare" },
      el("section", { class: "pick", "aria-label": t("compare.sides") }, el("h2", {}, t("compare.sides")), this.list, el("div", { class: "choices" }, add, go, this.saved), this.line),
      this.host);
  }

  // What can be asked of a run; read once.
  async of(key) {
    if (!this.choices.has(key)) this.choices.set(key, new RunApi(key).json("board/choices"));
    return this.choices.get(key);
  }

  async add(start = {}) {
    if (this.pickers.length >= MOST) return;
    const picker = new SidePicker(this, start, () => this.remove(picker));
    this.pickers.push(picker);
    this.list.append(picker.node);
    await picker.ready;
  }

  remove(picker) {
    if (this.pickers.length <= LEAST) return;
    this.pickers = this.pickers.filter((p) => p !== picker);
    picker.node.remove();
  }

  async show() {
    const query = this.pickers.map((p) => `side=${encodeURIComponent(p.text)}`).join("&");
    this.line.textContent = "";
    this.saved.replaceChildren(el("span", { class: "quiet" }, t("compare.reading")));
    try {
      const { html } = await getJson(`board/body?${query}`);
      this.fill(html);
      const save = (name, text) => el("a", { class: "button", href: `api/board/${name}?${query}`, download: name }, text);
      this.saved.replaceChildren(save("comparison.html", t("compare.page")), save("comparison.csv", t("compare.table")));
    } catch (error) {
      this.saved.replaceChildren();
      this.line.textContent = error.message;
    }
  }

  fill(html) {
    const parsed = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html").querySelector("main");
    for (const node of parsed.querySelectorAll("[data-style]")) node.style.cssText = node.dataset.style;
    this.root.replaceChildren(el("link", { rel: "stylesheet", href: "api/board/style.css" }), document.adoptNode(parsed));
    for (const figure of parsed.querySelectorAll("figure")) {
      const name = figure.dataset.name, save = (kind) => el("button", { class: "save", title: t("compare.save", { kind }), onclick: () => saveFigure(figure.querySelector("svg"), name, kind) }, kind.toUpperCase());
      figure.append(el("div", { class: "saves" }, save("png"), save("svg")));
    }
  }
}

export default {
  name: "compare",
  async mount(node, bench) {
    const board = new Board(bench);
    node.replaceChildren(board.node);
    const { key } = bench.api;
    await Promise.all([board.add({ run: key, who: "team:A" }), board.add({ run: key, who: "team:B" })]);
    board.show();
    bench.on("answers", () => { board.choices.clear(); board.show(); });
  },
};
