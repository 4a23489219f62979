// Footage with what lies over it, and the controls below.

import { Clock } from "./clock.js";
import { Overlay } from "./overlay.js";
import { clock as asClock, el, t } from "./words.js";

const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 4];
const LOOP_S = 4, ON_PITCH = ["names", "trail"];  // layers that are seen without a picture too

export class Stage {
  constructor(bench) {
    this.bench = bench;
    const { film } = bench.run;
    this.video = film.there ? this.player() : null;
    bench.clock = new Clock(bench.times, this.video, film.offset_s);
    this.canvas = el("canvas", { id: "overlay", role: "img", "aria-label": t("film.label") });
    this.picture = el("div", { class: "picture" }, this.video ?? this.absent(), this.canvas);
    const { width, height } = bench.run;
    if (width) this.picture.style.aspectRatio = `${width} / ${height}`;
    this.node = el("section", { class: "stage", id: "stage", tabindex: "-1", "aria-label": t("film.label") }, this.picture, this.controls());
    for (const name of ["frame", "aim"]) bench.clock.addEventListener(name, () => this.told());
    bench.clock.addEventListener("play", () => this.told());
    bench.on("layers", () => this.told());
    bench.on("select", () => this.reloop());
    this.told();
  }

  mounted() { if (this.bench.run.width) this.overlay = new Overlay(this.bench, this.canvas); }

  player() {
    const video = el("video", { src: this.bench.api.film(), preload: "metadata", playsinline: true, muted: true, "aria-label": t("film.label") });
    video.muted = true;
    video.addEventListener("loadedmetadata", () => {
      if (video.videoWidth) this.picture.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
      if (this.bench.run.film.copied || video.currentTime === 0) this.bench.clock.seek(0);
    }, { once: true });
    video.addEventListener("error", () => { video.replaceWith(this.absent("refused")); });
    return video;
  }

  absent(why = this.bench.run.film.why) {
    const { film, source } = this.bench.run;
    const node = el("div", { class: "absent" }, el("p", {}, t(`film.${why}`, { source })));
    if (film.copyable && !this.bench.readOnly) {
      const button = el("button", { onclick: () => { button.disabled = true; this.bench.api.post("film/copy"); } }, t("film.make"));
      this.making = el("p", { class: "quiet" }, t("film.copy_note"));
      node.append(button, this.making);
    }
    return node;
  }

  // What the server says while it makes a copy.
  copying(event) {
    if (event.state === "progress" && this.making) this.making.textContent = t("film.making", event);
    if (event.state === "refused" && this.making) this.making.textContent = t("failed", { why: (event.lines ?? []).join("; ") });
    if (event.state === "finished") location.reload();
  }

  controls() {
    const { clock } = this.bench, button = (key, text, do_) => el("button", { title: t(key), "aria-label": t(key), onclick: do_ }, text);
    this.playButton = button("play", "▶", () => clock.toggle());
    this.loopButton = el("button", { title: t("loop_title"), "aria-pressed": "false", onclick: () => this.loop() }, `↻ ${t("loop")}`);
    this.time = el("output", { class: "time", id: "time" });
    const speed = el("select", { "aria-label": t("speed"), onchange: (e) => clock.setSpeed(Number(e.target.value)) },
      ...SPEEDS.map((s) => el("option", { value: String(s), selected: s === 1 }, `${s}×`)));
    this.layerButtons = Object.keys(this.bench.layers).filter((name) => this.bench.run.width || ON_PITCH.includes(name)).map((name) =>
      el("button", { class: "toggle", "data-layer": name, onclick: () => this.bench.toggleLayer(name) }, t(`layer.${name}`)));
    return el("div", { class: "controls" },
      el("span", { class: "group" }, this.playButton, button("back", "−1", () => clock.step(-1)), button("forward", "+1", () => clock.step(1))),
      this.time, speed, this.loopButton,
      el("span", { class: "group layers", role: "group", "aria-label": t("layers") }, ...this.layerButtons));
  }

  loop() {
    const { clock } = this.bench;
    clock.loop = clock.loop ? null : this.loopRows();
    if (clock.loop) { clock.seek(clock.loop[0]); clock.play(); }
    this.told();
  }

  // What is repeated: from two seconds before the selected piece begins to two behind, or around here.
  loopRows() {
    const { clock, times } = this.bench, piece = this.bench.piece();
    const start = piece ? times.time_s[times.rowOf(piece.from)] : clock.time_s;
    return [times.rowAt(start - LOOP_S / 2), Math.max(times.rowAt(start + LOOP_S / 2), times.rowAt(start - LOOP_S / 2) + 2)];
  }

  reloop() { if (this.bench.clock.loop) this.bench.clock.loop = this.loopRows(); }

  told() {
    const { clock, times, layers } = this.bench;
    this.playButton.textContent = clock.playing ? "⏸" : "▶";
    this.playButton.setAttribute("aria-label", t(clock.playing ? "pause" : "play"));
    this.time.textContent = `${asClock(times.time_s[clock.aim] ?? 0, true)} · ${t("frame", { frame: times.frame[clock.aim] ?? 0 })}`;
    this.loopButton.setAttribute("aria-pressed", String(Boolean(clock.loop)));
    for (const button of this.layerButtons) button.setAttribute("aria-pressed", String(layers[button.dataset.layer]));
  }
}
