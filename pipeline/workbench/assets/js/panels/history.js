// What was said so far: lines of corrections.yaml, undo and redo.

import { el, t } from "../words.js";

export class History {
  constructor(bench, edits) {
    Object.assign(this, { bench, edits });
    this.node = el("div", { class: "history" });
    bench.on("state", () => this.render());
    this.render();
  }

  render() {
    const { state, writable } = this.bench;
    const button = (name, on) => el("button", { disabled: !on || !writable, onclick: () => this.edits[name]() }, t(`history.${name}`));
    this.node.replaceChildren(
      el("p", { class: "choices" }, button("undo", state.undo !== null), button("redo", state.redo !== null)),
      el("p", { class: "quiet" }, t("history.file")),
      state.entries.length
        ? el("ol", { class: "entries" }, ...state.entries.map((e) => el("li", { value: e.number, class: e.number === state.undo ? "last" : "" }, el("code", {}, e.line))))
        : el("p", { class: "quiet" }, t("history.none")));
  }
}
