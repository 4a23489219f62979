// The timeline: drawn once for what stands still, with a line on top for the moment that is shown.

import { DARK } from "./bench.js";
import { lowerBound } from "./packed.js";
import { timelineRows } from "./timeline_rows.js";
import { inDoubt } from "./who.js";
import { clock } from "./words.js";

const ROW = 17, LANE = 15, RULER = 22, GAP = 6, LEFT = 118, LEFT_NARROW = 64, NARROW = 600;
const STEPS_S = [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];

export class Timeline {
  constructor(bench, scale, still, moving) {
    Object.assign(this, { bench, scale, still, moving });
    this.lanes = {};
    this.ticks = [];
    this.span = [bench.run.start_s, Math.max(bench.run.end_s, bench.run.start_s + 1)];
    this.from = this.span[0];
    this.to = this.span[1];
    this.build();
    bench.clock.addEventListener("frame", () => this.moment());
    bench.clock.addEventListener("aim", () => this.moment());
    bench.on("who", () => this.build());
    bench.on("select", () => { this.draw(); this.reveal(); });
    bench.on("strip", () => this.build());
    new ResizeObserver(() => this.draw()).observe(still.parentElement);
    DARK.addEventListener("change", () => this.draw());
    scale.addEventListener("pointerdown", (event) => { this.dragging = true; scale.setPointerCapture(event.pointerId); this.seekTo(event); });
    scale.addEventListener("pointermove", (event) => { if (this.dragging) this.seekTo(event); });
    for (const name of ["pointerup", "pointercancel"]) scale.addEventListener(name, () => { this.dragging = false; });
    moving.addEventListener("click", (event) => this.press(event));
    for (const canvas of [scale, moving]) canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  build() {
    this.rows = timelineRows(this.bench.who, this.bench.strip?.lanes ?? {});
    let y = 2;
    for (const row of this.rows) {
      if (row.heads) y += GAP;
      row.y = y;
      row.h = row.kind === "lane" ? LANE : ROW;
      y += row.h + 1;
    }
    this.height = y + 4;
    this.draw();
  }

  get left() { return this.width < NARROW ? LEFT_NARROW : LEFT; }
  x(time) { return this.left + (time - this.from) / (this.to - this.from) * (this.width - this.left - 8); }
  time(x) { return this.from + (x - this.left) / (this.width - this.left - 8) * (this.to - this.from); }

  // The time at which a frame begins; frames of pieces may be missing among those that were processed.
  begins(frame) { return this.bench.times.time_s[this.bench.times.rowOf(frame)]; }
  ends(frame) {
    const { times } = this.bench, row = Math.min(times.n - 1, lowerBound(times.frame, frame + 1));
    return row === times.n - 1 && times.frame[row] <= frame ? times.time_s[row] + times.step_s : times.time_s[row];
  }

  size(canvas, height) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(this.width * ratio));
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  draw() {
    this.width = this.still.parentElement.clientWidth;
    const c = this.size(this.still, this.height), style = getComputedStyle(this.still);
    this.style = (name) => style.getPropertyValue(name);
    this.size(this.moving, this.height);
    this.ticks = this.ruler(c);
    for (const row of this.rows) {
      if (row.kind === "lane") this.lane(c, row); else this.pieces(c, row);
    }
    this.titles(c);
    this.moment();
  }

  ruler(c) {
    const wanted = (this.to - this.from) / Math.max(3, (this.width - this.left) / 90);
    const step = STEPS_S.find((s) => s >= wanted) ?? 3600;
    const ticks = [];
    for (let time = Math.ceil(this.from / step) * step; time <= this.to; time += step) {
      const x = Math.round(this.x(time)) + 0.5;
      c.strokeStyle = this.style("--line");
      c.beginPath();
      c.moveTo(x, 0);
      c.lineTo(x, this.height);
      c.stroke();
      ticks.push([x, clock(time, step < 1)]);
    }
    return ticks;
  }

  titles(c) {
    c.textAlign = "left";
    c.textBaseline = "middle";
    for (const row of this.rows) {
      const chosen = row.kind === "person" && row.person === this.bench.selected.person;
      c.fillStyle = this.style("--paper");
      c.fillRect(0, row.y, this.left - 4, row.h);
      if (row.kind === "person") {
        c.fillStyle = row.team ? this.bench.team(row.team).fill : this.style("--edge");
        c.fillRect(0, row.y + 1, 3, row.h - 2);
      }
      c.font = `${chosen ? 700 : 400} 11.5px system-ui, sans-serif`;
      c.fillStyle = chosen ? this.style("--accent") : row.kind === "person" ? this.style("--ink") : this.style("--soft");
      c.fillText(row.title, 8, row.y + row.h / 2 + 0.5, this.left - 16);
    }
  }

  lane(c, row) {
    for (const [start, end, text, kind] of row.spans) {
      const x0 = Math.max(this.left, this.x(start)), x1 = Math.min(this.width, this.x(end));
      if (x1 <= x0) continue;
      c.fillStyle = this.laneColour(row.name, kind);
      c.fillRect(x0, row.y + 1, Math.max(1, x1 - x0 - (x1 - x0 > 3 ? 1 : 0)), row.h - 2);
      if (x1 - x0 > 34) {
        c.save();
        c.beginPath();
        c.rect(x0, row.y, x1 - x0 - 3, row.h);
        c.clip();
        c.font = "10.5px system-ui, sans-serif";
        c.textAlign = "left";
        c.textBaseline = "middle";
        c.fillStyle = this.inkOn(row.name, kind);
        c.fillText(text, x0 + 4, row.y + row.h / 2 + 0.5);
        c.restore();
      }
    }
  }

  laneColour(name, kind) {
    if (name === "shots") return this.bench.strip.shot_colours[kind] ?? "#999";
    if (name === "views") return "#c0392b";
    if (name === "halves") return this.style("--edge");
    const team = name.endsWith("_a") ? "A" : name.endsWith("_b") ? "B" : kind;
    return "AB".includes(team) ? this.bench.team(team).fill : this.style("--edge");
  }

  inkOn(name, kind) {
    if (name === "halves") return this.style("--ink");
    const team = name.endsWith("_a") ? "A" : name.endsWith("_b") ? "B" : kind;
    if (["shots", "views"].includes(name)) return ["unclear", "no_pitch", "close_up"].includes(kind) ? "#141414" : "#ffffff";
    return "AB".includes(team) ? this.bench.team(team).ink : this.style("--ink");
  }

  pieces(c, row) {
    const chosen = row.kind === "person" && row.person === this.bench.selected.person;
    c.fillStyle = this.style(chosen ? "--chosen" : "--row");
    c.fillRect(this.left, row.y, this.width - this.left, row.h);
    for (const piece of row.pieces) {
      const x0 = this.x(this.begins(piece.from)), x1 = this.x(this.ends(piece.to));
      if (x1 < this.left || x0 > this.width) continue;
      const from = Math.max(this.left, x0), wide = Math.max(1.5, Math.min(this.width, x1) - from - 0.7);
      c.globalAlpha = row.kind === "nobody" ? 0.45 : 0.9;
      c.fillStyle = this.bench.colours.fill[piece.label] ?? "#999";
      c.fillRect(from, row.y + 2, wide, row.h - 4);
      c.globalAlpha = 1;
      if (this.bench.colours.fill[piece.label] && wide > 3) {
        c.strokeStyle = "rgba(0,0,0,.35)";
        c.lineWidth = 1;
        c.strokeRect(from + 0.5, row.y + 2.5, wide - 1, row.h - 5);
      }
      if (inDoubt(piece)) { c.fillStyle = "#e0a100"; c.fillRect(from, row.y + row.h - 4, wide, 3); }
      if (piece.why === "by_hand") { c.fillStyle = this.style("--accent"); c.fillRect(from, row.y + 1, wide, 2.5); }
      if (this.bench.selected.track === piece.track && (row.kind === "nobody" || chosen)) {
        c.strokeStyle = this.style("--ink");
        c.lineWidth = 1.5;
        c.strokeRect(from, row.y + 1, wide, row.h - 2);
      }
    }
  }

  moment() {
    const c = this.moving.getContext("2d"), { clock: time, times } = this.bench;
    c.clearRect(0, 0, this.width, this.height);
    const x = Math.round(this.x(times.time_s[time.aim] ?? 0)) + 0.5;
    this.head(x);
    if (x < this.left) return;
    c.strokeStyle = this.style("--accent");
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(x, 0);
    c.lineTo(x, this.height);
    c.stroke();
    if (time.playing && (x > this.width - 20 || x < this.left)) this.show(times.time_s[time.aim]);
  }

  // Scroll so that the row of who is selected is seen.
  reveal() {
    const { person, track } = this.bench.selected;
    const row = this.rows.find((r) => (person !== null ? r.person === person : r.pieces?.some((p) => p.track === track)));
    const box = this.still.closest(".rows");
    if (!row || !box) return;
    if (row.y < box.scrollTop) box.scrollTop = Math.max(0, row.y - ROW);
    else if (row.y + 2 * row.h > box.scrollTop + box.clientHeight) box.scrollTop = row.y + 3 * row.h - box.clientHeight;
  }

  // The times on top, and where we are in them; they stay while rows scroll.
  head(x) {
    const c = this.size(this.scale, RULER);
    c.font = "11px system-ui, sans-serif";
    c.textBaseline = "middle";
    c.textAlign = "center";
    c.fillStyle = this.style("--soft");
    for (const [at, text] of this.ticks) if (at < this.width - 12) c.fillText(text, at, 9);
    if (x < this.left) return;
    c.fillStyle = this.style("--accent");
    c.beginPath();
    c.arc(x, RULER - 6, 4.5, 0, 7);
    c.fill();
  }

  // Move the window so that a time is in it.
  show(time) {
    if (time >= this.from && time <= this.to - 0.02 * (this.to - this.from)) return;
    const wide = this.to - this.from, from = this.held(time - 0.1 * wide, wide);
    if (from !== this.from) this.window(from, from + wide);  // at the end of the match it cannot move on
  }

  // Where a window of this width begins, held inside the match.
  held(from, wide) { return Math.max(this.span[0], Math.min(from, this.span[1] - wide)); }

  window(from, to) {
    const wide = Math.min(to - from, this.span[1] - this.span[0]);
    this.from = this.held(from, wide);
    this.to = this.from + wide;
    this.draw();
  }

  zoom(factor, around = this.bench.times.time_s[this.bench.clock.aim]) {
    const wide = Math.max(2, (this.to - this.from) * factor), share = (around - this.from) / (this.to - this.from);
    const at = share >= 0 && share <= 1 ? share : 0.5;
    this.window(around - at * wide, around + (1 - at) * wide);
  }

  fit() { this.window(...this.span); }

  wheel(event) {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (event.ctrlKey) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.time(event.offsetX));
    else {
      const by = (event.deltaX || event.deltaY) / (this.width - this.left) * (this.to - this.from);
      this.window(this.from + by, this.to + by);
    }
  }

  press(event) {
    if (event.offsetX > this.left) this.seekTo(event);
    const row = this.rows.find((r) => event.offsetY >= r.y && event.offsetY < r.y + r.h);
    if (!row || row.kind === "lane") return;
    const time = this.time(event.offsetX);
    const piece = row.pieces.find((p) => this.begins(p.from) <= time && time <= this.ends(p.to));
    if (row.kind === "person") this.bench.select(row.person, piece?.track ?? null);
    else if (piece) this.bench.select(null, piece.track);
  }

  seekTo(event) { this.bench.clock.seekTime(Math.max(this.span[0], Math.min(this.span[1], this.time(event.offsetX)))); }
}
