// What lies over the footage: masks in team colours, names, pitch lines, the ball's way. Click selects.

import { fitCanvas } from "./canvas.js";
import { apply, bent, inverse, lensOf } from "./geometry.js";
import { MaskPainter, maskAt } from "./masks.js";
import { BACKGROUND, BALL } from "./who.js";

const REACH_CSS_PX = 14, BALL_S = 1.2;

export class Overlay {
  constructor(bench, canvas) {
    this.bench = bench;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    const { width, height, colours: { video: colours } } = bench.run;
    this.colours = colours;
    this.painter = bench.masks ? new MaskPainter(width, height, colours.fill) : null;
    this.list = [];
    const draw = () => this.draw();
    bench.clock.addEventListener("frame", draw);
    bench.on("who select layers", draw);
    for (const chunks of [bench.masks, bench.views]) chunks?.addEventListener("there", draw);
    new ResizeObserver(() => this.fit()).observe(canvas);
    canvas.addEventListener("click", (event) => this.click(event));
    this.fit();
  }

  fit() {
    fitCanvas(this.canvas);
    this.draw();
  }

  get scale() { return [this.canvas.width / this.bench.run.width, this.canvas.height / this.bench.run.height]; }

  // The masks of a row, far ones first, the ball on top; null while they are on their way.
  masksOf(row) {
    const span = this.bench.masks?.span(row);
    if (!span) return null;
    const { chunk, from, to } = span, frame = this.bench.times.frame[row], list = [];
    const some = this.bench.selected.person !== null || this.bench.selected.track !== null;
    for (let i = from; i < to; i += 1) {
      const track = chunk.track[i], label = this.bench.who.label(track, frame, chunk.label[i]);
      if (label === BACKGROUND) continue;
      const chosen = track >= 0 && this.bench.isSelected(track, frame);
      list.push({ chunk, i, track, label, strength: chosen ? 2 : some || !this.bench.clock.exact ? 0 : 1, foot: chunk.top[i] + chunk.height[i] });
    }
    return list.sort((a, b) => (a.label === BALL) - (b.label === BALL) || a.foot - b.foot);
  }

  draw() {
    const { bench, context: c, canvas } = this, row = bench.clock.row;
    c.clearRect(0, 0, canvas.width, canvas.height);
    this.list = this.masksOf(row) ?? [];
    canvas.dataset.frame = this.list.length ? bench.times.frame[row] : "";
    if (bench.layers.lines) this.lines(row);
    if (this.painter && bench.layers.masks) {
      this.painter.paint(this.list);
      c.imageSmoothingEnabled = true;
      c.drawImage(this.painter.canvas, 0, 0, canvas.width, canvas.height);
    }
    if (bench.layers.ball) this.ball(row);
    if (bench.layers.names) for (const mask of this.list) this.name(mask, bench.times.frame[row]);
  }

  name({ chunk, i, track, label, strength }, frame) {
    const text = this.bench.who.plate(track, frame);
    if (!text) return;
    const c = this.context, [sx, sy] = this.scale, size = Math.max(10, Math.min(15, this.canvas.width / 85)) * (strength === 2 ? 1.2 : 1);
    c.font = `600 ${size}px system-ui, sans-serif`;
    const wide = c.measureText(text).width + 0.7 * size, high = 1.35 * size;
    const x = Math.max(0, Math.min(this.canvas.width - wide, (chunk.left[i] + chunk.width[i] / 2) * sx - wide / 2));
    const y = Math.min(this.canvas.height - high, (chunk.top[i] + chunk.height[i]) * sy + 0.25 * size);
    c.globalAlpha = strength === 0 ? 0.55 : 0.95;
    c.fillStyle = strength === 2 ? "#ffffff" : this.colours.fill[label];
    c.beginPath();
    c.roundRect(x, y, wide, high, high / 3);
    c.fill();
    c.fillStyle = strength === 2 ? "#141414" : this.colours.ink[label];
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(text, x + wide / 2, y + high / 2 + 0.5);
    c.globalAlpha = 1;
  }

  lines(row) {
    const span = this.bench.views?.span(row);
    if (!span || span.from === span.to || span.chunk.source[span.from] === 0) return;
    const h = inverse(Array.from(span.chunk.h.subarray(9 * span.from, 9 * span.from + 9)));
    const lens = lensOf(span.chunk, span.from);
    const c = this.context, [sx, sy] = this.scale, far = 3 * Math.max(this.bench.run.width, this.bench.run.height);
    c.strokeStyle = span.chunk.source[span.from] === 3 ? "rgba(255,200,80,.75)" : "rgba(255,70,70,.8)";
    c.lineWidth = Math.max(1, this.canvas.width / 900);
    c.beginPath();
    for (const line of this.bench.run.pitch.lines) {
      let on = false;
      for (const [px, py] of line) {
        const [x, y, w] = apply(h, px, py), at = w > 0 && Math.abs(x) < far && Math.abs(y) < far ? bent(lens, x, y) : null;
        if (at) { if (on) c.lineTo(at[0] * sx, at[1] * sy); else c.moveTo(at[0] * sx, at[1] * sy); }
        on = Boolean(at);
      }
    }
    c.stroke();
  }

  ball(row) {
    const rows = Math.round(BALL_S / this.bench.times.step_s), points = [], [sx, sy] = this.scale;
    for (let r = Math.max(0, row - rows); r <= row; r += 1) {
      const span = this.bench.masks?.there.get(Math.floor(r / this.bench.masks.rows)) && this.bench.masks.span(r);
      if (!span) continue;
      for (let i = span.from; i < span.to; i += 1)
        if (span.chunk.label[i] === BALL)
          points.push([(span.chunk.left[i] + span.chunk.width[i] / 2) * sx, (span.chunk.top[i] + span.chunk.height[i] / 2) * sy, r]);
    }
    const c = this.context;
    c.lineWidth = Math.max(1.5, this.canvas.width / 600);
    for (let k = 1; k < points.length; k += 1) {
      const [x0, y0, r0] = points[k - 1], [x1, y1, r1] = points[k];
      if (r1 - r0 > 12) continue;
      c.strokeStyle = `rgba(255,255,255,${0.15 + 0.6 * (1 - (row - r1) / rows)})`;
      c.beginPath();
      c.moveTo(x0, y0);
      c.lineTo(x1, y1);
      c.stroke();
    }
    const now = points.at(-1);
    if (!now || now[2] !== row) return;
    const size = Math.max(7, this.canvas.width / 110);
    for (const [ink, width] of [["#000", 4], ["#fff", 2]]) {
      c.strokeStyle = ink;
      c.lineWidth = width;
      c.beginPath();
      c.arc(now[0], now[1], size, 0, 7);
      c.stroke();
    }
  }

  click(event) {
    const box = this.canvas.getBoundingClientRect(), { width, height } = this.bench.run;
    const x = (event.clientX - box.left) / box.width * width, y = (event.clientY - box.top) / box.height * height;
    const found = maskAt(this.list.filter((m) => m.track >= 0), x, y, REACH_CSS_PX * width / box.width);
    if (found) this.bench.selectTrack(found.track, this.bench.clock.frame); else this.bench.select(null);
  }
}
