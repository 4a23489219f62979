// The camera by hand: a picture to click in, the pitch to choose landmarks from, the lines of the view at once.

import { el, t } from "../words.js";
import { ClickCanvas } from "./click_canvas.js";
import { PitchMap } from "./pitch_map.js";

const LEAST = 4, WAIT_MS = 120;

export class CameraRoom {
  constructor(bench, told) {
    this.bench = bench;
    this.told = told;
    this.clicks = told.clicks.map((c) => ({ ...c }));
    this.views = [];
    this.chosen = null;
    this.frame = this.clicks[0]?.frame ?? bench.times.frame[0];
    this.fixed = this.clicks.length > 0 && this.clicks[0].frame === undefined;
    this.landmarks = [...told.landmarks, ...told.markings];
    this.picked = null;
    this.build();
    this.go(this.frame);
  }

  build() {
    const { bench, told } = this;
    this.line = el("p", { class: "wrong", role: "alert" });
    this.verdict = el("p", { class: "quiet", role: "status" });
    this.canvas = new ClickCanvas(this);
    this.map = new PitchMap(bench.run.pitch, told, (index) => this.pick(index));
    this.list = el("ul", { class: "clicks" });
    this.select = el("select", { onchange: () => this.pick(Number(this.select.value)) }, el("optgroup", { label: t("camera.places") }, ...told.landmarks.map((l, i) => el("option", { value: String(i) }, this.label(l.said)))),
      el("optgroup", { label: t("camera.lines") }, ...told.markings.map((l, i) => el("option", { value: String(told.landmarks.length + i) }, l.said.line))));
    const { times } = bench, last = times.frame.length - 1;
    this.slider = el("input", { type: "range", min: "0", max: String(last), value: "0", "aria-label": t("camera.frame"), oninput: () => this.at(Number(this.slider.value)) });
    this.number = el("output");
    const step = (by, text, name) => el("button", { "aria-label": t(name), title: t(name), onclick: () => this.at(Math.max(0, Math.min(last, Number(this.slider.value) + by))) }, text);
    const zoom = el("select", { onchange: () => this.canvas.zoom(Number(zoom.value)) }, ...[1, 2, 4].map((n) => el("option", { value: String(n) }, `${n} ×`)));
    const fixed = el("input", { type: "checkbox", checked: this.fixed, onchange: () => this.setFixed(fixed.checked) });
    const may = !bench.readOnly, save = (apply) => () => this.save(apply);
    this.node = el("div", { class: "camera" },
      el("section", { class: "box shot", "aria-label": t("camera.title") }, el("div", { class: "choices" }, step(-1, "‹", "camera.back"), this.slider, step(1, "›", "camera.forward"), this.number, el("label", { class: "inline" }, t("camera.zoom"), zoom)), this.canvas.node),
      el("section", { class: "box pickers", "aria-label": t("camera.click") }, el("h2", {}, t("camera.title")), el("p", { class: "quiet" }, t(may ? "camera.how" : "camera.read_only")), this.map.node,
        el("label", { class: "wide" }, t("camera.landmark"), this.select), el("label", { class: "inline" }, fixed, t("camera.fixed")), this.verdict, this.line, this.list, el("p", { class: "quiet" }, t("camera.nudge")),
        may ? el("div", { class: "choices" }, el("button", { class: "go", onclick: save(true) }, t("camera.save_apply")), el("button", { onclick: save(false) }, t("camera.save"))) : null));
    this.pick(0);
    this.line.textContent = told.lines.join("; ");
  }

  label(said) {
    if (said.line) return said.line;
    const at = this.landmarks.find((l) => l.said.keypoint === said.keypoint && String(l.said.pitch) === String(said.pitch))?.at ?? said.pitch ?? ["?", "?"];
    return said.keypoint === undefined ? t("camera.spot", { x: at[0], y: at[1] }) : t("camera.place", { n: said.keypoint, x: at[0], y: at[1] });
  }

  // The clicks that hold for this frame, with their number.
  get here() { return this.clicks.map((click, i) => ({ click, i })).filter(({ click }) => this.fixed || click.frame === this.frame); }
  get view() { return this.views.find((v) => this.fixed || v.frame === this.frame); }

  pick(index) {
    this.picked = index;
    this.select.value = String(index);
    this.map.show(index, this.here.map(({ click }) => this.indexOf(click)));
  }

  indexOf(click) {
    return this.landmarks.findIndex(({ said }) => (click.line ? said.line === click.line : click.keypoint !== undefined ? said.keypoint === click.keypoint : said.pitch && String(said.pitch) === String(click.pitch)));
  }

  at(row) { this.go(this.bench.times.frame[row]); }

  go(frame) {
    this.frame = frame;
    this.slider.value = String(Math.max(0, this.bench.times.frame.indexOf(frame)));
    this.number.textContent = t("frame", { frame });
    this.canvas.load(frame);
    this.draw();
  }

  // A click in the picture, px: the picked landmark is there; each line may be clicked often.
  place(x, y) {
    if (this.bench.readOnly) return;
    const { said } = this.landmarks[this.picked], image = [Math.round(10 * x) / 10, Math.round(10 * y) / 10];
    const click = { image, ...said, ...(this.fixed ? {} : { frame: this.frame }) };
    const old = said.line ? undefined : this.here.find((h) => this.indexOf(h.click) === this.picked);
    if (old) this.clicks[old.i] = click; else this.clicks.push(click);
    this.chosen = old ? old.i : this.clicks.length - 1;
    this.changed();
  }

  move(dx, dy) {
    const click = this.clicks[this.chosen];
    if (!click || this.bench.readOnly) return;
    click.image = [Math.round(10 * (click.image[0] + dx)) / 10, Math.round(10 * (click.image[1] + dy)) / 10];
    this.changed();
  }

  remove(i) {
    if (this.bench.readOnly || !this.clicks[i]) return;
    this.clicks.splice(i, 1);
    this.chosen = null;
    this.changed();
  }

  setFixed(fixed) {
    this.fixed = fixed;
    for (const click of this.clicks) { if (fixed) delete click.frame; else click.frame = this.frame; }
    this.changed();
  }

  changed() {
    this.draw();
    this.pick(this.picked);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.solve(), WAIT_MS);
  }

  async solve() {
    const asked = JSON.stringify(this.clicks);
    if (!this.clicks.length || this.bench.readOnly) { this.views = []; this.draw(); return; }
    try {
      const { views } = await this.bench.api.post("camera/view", { clicks: this.clicks });
      if (asked !== JSON.stringify(this.clicks)) return; // a later click is on its way
      this.views = views;
      this.line.textContent = "";
    } catch (error) { this.line.textContent = error.message; }
    this.draw();
  }

  draw() {
    this.canvas.draw();
    const places = this.here.filter(({ click }) => !click.line).length, { view } = this, where = this.fixed ? t("camera.everywhere") : t("camera.of_frame", { frame: this.frame });
    this.verdict.textContent = places < LEAST ? t("camera.few", { n: LEAST - places }) : !view ? "…"
      : view.why ? t("camera.why", { where, why: view.why }) : t("camera.error", { where, error: view.error_m.toFixed(2) });
    this.list.replaceChildren(...this.clicks.map((click, i) => this.row(click, i)));
  }

  row(click, i) {
    const view = this.views.find((v) => v.points.includes(i)), k = view?.points.indexOf(i) ?? -1;
    const off = view?.apart_m ? `${view.apart_px[k].toFixed(1)} px, ${view.apart_m[k].toFixed(2)} m` : "–";
    const words = click.frame === undefined ? this.label(click) : `${this.label(click)} · ${click.frame}`;
    const choose = () => { this.chosen = i; if (click.frame !== undefined && click.frame !== this.frame) this.go(click.frame); this.pick(this.indexOf(click)); this.draw(); this.list.children[i]?.querySelector("button")?.focus(); };
    const keys = (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (by) { this.chosen = i; this.move(...by); } else if (event.key === "Delete") this.remove(i); else return;
      event.preventDefault();
      this.list.children[Math.min(i, this.clicks.length - 1)]?.querySelector("button")?.focus();
    };
    return el("li", { class: i === this.chosen ? "chosen" : "" }, el("button", { class: "who", "aria-pressed": String(i === this.chosen), onclick: choose, onkeydown: keys }, el("span", {}, words), el("small", {}, off)),
      this.bench.readOnly ? null : el("button", { class: "small", "aria-label": t("camera.remove"), title: t("camera.remove"), onclick: () => this.remove(i) }, "×"));
  }

  async save(apply) {
    try {
      const told = await this.bench.api.post("camera/points", { clicks: this.clicks, apply });
      this.line.textContent = "";
      this.bench.notice(apply ? t("camera.applied") : t("camera.saved", { command: told.command }), false);
    } catch (error) { this.line.textContent = error.message; }
  }
}

export default {
  name: "camera",
  async mount(node, bench) {
    const told = await bench.api.json("camera");
    if (!told.footage) { node.replaceChildren(el("p", { class: "quiet box" }, t("camera.none"))); return; }
    const room = new CameraRoom(bench, told);
    node.replaceChildren(room.node);
    room.canvas.fit();
    room.solve();
    bench.parts = { camera: room };
  },
};
