// The pitch from above: everybody at this frame, what the camera sees, the way of who is selected. Click selects.

import { DARK } from "./bench.js";
import { fitCanvas } from "./canvas.js";
import { footprint, lensOf } from "./geometry.js";
import { t } from "./words.js";
import { BALL, UNCLEAR } from "./who.js";

const BORDER_M = 3, TRAIL_S = 5, REACH_M = 3;

export class Radar {
  constructor(bench, canvas, status) {
    Object.assign(this, { bench, canvas, status });
    this.context = canvas.getContext("2d");
    const { length_m, width_m } = bench.run.pitch;
    canvas.style.aspectRatio = `${length_m + 2 * BORDER_M} / ${width_m + 2 * BORDER_M}`;
    const draw = () => this.draw();
    bench.clock.addEventListener("frame", draw);
    bench.on("who select layers", draw);
    for (const chunks of [bench.places, bench.views]) chunks?.addEventListener("there", draw);
    new ResizeObserver(() => this.fit()).observe(canvas);
    DARK.addEventListener("change", draw);
    canvas.addEventListener("click", (event) => this.click(event));
    this.fit();
  }

  fit() {
    fitCanvas(this.canvas);
    this.draw();
  }

  get scale() { return this.canvas.width / (this.bench.run.pitch.length_m + 2 * BORDER_M); }

  xy(x, y) {
    const { length_m, width_m } = this.bench.run.pitch;
    return [(x + length_m / 2 + BORDER_M) * this.scale, (width_m / 2 + BORDER_M - y) * this.scale];
  }

  // Everybody of a row: [{track, person, label, x, y, seen}].
  spots(row) {
    const span = this.bench.places?.span(row);
    if (!span) return [];
    const { chunk, from, to } = span, frame = this.bench.times.frame[row], out = [];
    for (let i = from; i < to; i += 1) {
      const track = chunk.track[i], placed = chunk.person[i];
      const piece = placed >= 0 ? this.bench.who.byId.get(placed) && { person: placed, label: this.labelOf(placed) } : this.bench.who.piece(track, frame);
      const label = piece ? piece.label : this.bench.who.others.get(track) ?? UNCLEAR;
      if (label) out.push({ track, person: piece?.person ?? null, label, x: chunk.x[i], y: chunk.y[i], seen: chunk.source[i] === 0 });
    }
    return out;
  }

  labelOf(person) { return this.bench.who.ofPerson.get(person)?.[0]?.label ?? UNCLEAR; }

  draw() {
    const { context: c, canvas, bench } = this, row = bench.clock.row, ink = getComputedStyle(canvas);
    c.clearRect(0, 0, canvas.width, canvas.height);
    this.ground(ink);
    const span = bench.views?.span(row), source = span && span.from < span.to ? span.chunk.source[span.from] : 0;
    if (source) this.view(span, source);
    if (bench.layers.trail) this.trail(row);
    this.here = this.spots(row);
    for (const spot of [...this.here].sort((a, b) => (a.label === BALL) - (b.label === BALL))) this.dot(spot, ink);
    if (bench.views) {
      const error = source ? span.chunk.error[span.from] : NaN;
      this.status.textContent = t(`view_source.${["none", "measured", "tracked", "interpolated"][source]}`) +
        (Number.isFinite(error) ? ` ± ${error < 0.1 ? "<0.1" : error.toFixed(1)} m` : "");
      this.status.dataset.source = source;
    }
  }

  ground(ink) {
    const c = this.context, { pitch } = this.bench.run;
    c.fillStyle = ink.getPropertyValue("--grass");
    c.fillRect(0, 0, this.canvas.width, this.canvas.height);
    c.strokeStyle = ink.getPropertyValue("--chalk");
    c.lineWidth = Math.max(1, this.scale / 5);
    c.beginPath();
    for (const line of pitch.lines) line.forEach(([x, y], k) => (k ? c.lineTo(...this.xy(x, y)) : c.moveTo(...this.xy(x, y))));
    c.stroke();
  }

  view(span, source) {
    const c = this.context, h = span.chunk.h.subarray(9 * span.from, 9 * span.from + 9);
    const points = footprint(h, this.bench.run.width, this.bench.run.height, this.bench.run.pitch, lensOf(span.chunk, span.from));
    if (points.length < 3) return;
    c.beginPath();
    points.forEach(([x, y], k) => (k ? c.lineTo(...this.xy(x, y)) : c.moveTo(...this.xy(x, y))));
    c.closePath();
    c.fillStyle = "rgba(128,160,140,.14)";
    c.strokeStyle = "rgba(128,160,140,.7)";
    c.setLineDash(source === 3 ? [4, 4] : []);
    c.fill();
    c.stroke();
    c.setLineDash([]);
  }

  trail(row) {
    const { person, track } = this.bench.selected;
    if (person === null && track === null) return;
    const rows = Math.round(TRAIL_S / this.bench.times.step_s), c = this.context;
    let before = null;
    for (let r = Math.max(0, row - rows); r <= row; r += 1) {
      if (!this.bench.places?.there.has(Math.floor(r / this.bench.places.rows))) continue;
      const spot = this.spots(r).find((s) => (person !== null ? s.person === person : s.track === track));
      if (!spot) { before = null; continue; }
      if (before) {
        c.strokeStyle = this.bench.colours.fill[spot.label];
        c.globalAlpha = 0.2 + 0.6 * (1 - (row - r) / rows);
        c.lineWidth = Math.max(2, this.scale / 2);
        c.beginPath();
        c.moveTo(...this.xy(before.x, before.y));
        c.lineTo(...this.xy(spot.x, spot.y));
        c.stroke();
      }
      before = spot;
    }
    c.globalAlpha = 1;
  }

  dot({ track, person, label, x, y, seen }, ink) {
    const c = this.context, [px, py] = this.xy(x, y), { bench } = this, ball = label === BALL;
    const chosen = bench.selected.person !== null ? person === bench.selected.person : track >= 0 && bench.selected.track === track;
    const size = Math.max(3, this.scale * (ball ? 0.7 : 1.25)) * (chosen ? 1.35 : 1);
    c.globalAlpha = seen ? 1 : 0.55;
    c.beginPath();
    c.arc(px, py, size, 0, 7);
    c.fillStyle = bench.colours.fill[label];
    c.fill();
    c.lineWidth = chosen ? Math.max(2, size / 3) : 1;
    c.strokeStyle = chosen ? ink.getPropertyValue("--accent") : DARK.matches ? "rgba(255,255,255,.35)" : "rgba(0,0,0,.65)";
    c.stroke();
    if (!ball && bench.layers.names) {
      c.font = `${chosen ? 700 : 500} ${Math.max(9, this.scale * 2)}px system-ui, sans-serif`;
      c.fillStyle = ink.getPropertyValue("--ink");
      c.textAlign = "left";
      c.textBaseline = "middle";
      const text = person === null ? (label === UNCLEAR ? "" : "?") : bench.who.byId.get(person)?.short ?? "?";
      c.fillText(text, px + size + 2, py);
    }
    c.globalAlpha = 1;
  }

  click(event) {
    const box = this.canvas.getBoundingClientRect(), ratio = this.canvas.width / box.width;
    const x = (event.clientX - box.left) * ratio, y = (event.clientY - box.top) * ratio;
    let best = null, least = REACH_M * this.scale;
    for (const spot of this.here) {
      const [px, py] = this.xy(spot.x, spot.y), far = Math.hypot(px - x, py - y);
      if (spot.label !== BALL && far < least) { best = spot; least = far; }
    }
    this.bench.select(best?.person ?? null, best && best.track >= 0 ? best.track : null);
  }
}
