// A small file browser: folders and files of one kind, below the folders that the server allows.

import { getJson } from "../api.js";
import { el, t } from "../words.js";

const size = (bytes) => (bytes > 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes > 1e6 ? `${(bytes / 1e6).toFixed(0)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`);

export class FolderView {
  // choose(path): a file was chosen, or a folder of pictures.
  constructor(kind, choose, wrong) {
    this.kind = kind;
    this.choose = choose;
    this.wrong = wrong;
    this.node = el("div", { class: "browser", role: "group", tabindex: "0", "aria-label": t(`start.files.${kind}`) });
  }

  async open(path) {
    try {
      this.show(await getJson(`start/folder?kind=${this.kind}&path=${encodeURIComponent(path)}`));
      this.wrong("");
    } catch (error) { this.wrong(error.message); }
  }

  show(it) {
    this.at = it.path;
    const join = (name) => `${it.path}/${name}`;
    const row = (text, kind, note, do_) => el("li", {}, el("button", { class: kind, onclick: do_ }, el("span", {}, text), note ? el("small", {}, note) : null));
    const others = it.roots.filter((r) => r !== it.path && it.roots.length > 1 && !it.up);
    const rows = [
      it.up ? row("..", "folder", t("start.up"), () => this.open(it.up)) : null,
      ...others.map((r) => row(r, "folder", "", () => this.open(r))),
      it.pictures > 1 ? row(t("start.pictures", { n: it.pictures }), "file", "", () => this.choose(it.path)) : null,
      it.data ? row(t("start.data_folder"), "file", "", () => this.choose(it.path)) : null,
      ...it.folders.map((name) => row(name, "folder", "", () => this.open(join(name)))),
      ...it.files.map((f) => row(f.name, "file", size(f.bytes), () => this.choose(join(f.name)))),
    ].filter(Boolean);
    this.node.replaceChildren(el("span", { class: "at" }, it.path), el("ul", {}, ...rows));
    if (!it.files.length && !it.folders.length && !(it.pictures > 1)) this.node.append(el("p", { class: "quiet at" }, t("start.empty")));
    if (it.more) this.node.append(el("p", { class: "quiet at" }, t("start.more", { n: it.more })));
  }
}
