// Windows of the run, fetched when needed and kept while near: masks, positions, camera views.

import { lowerBound, unpack } from "./packed.js";

export class Chunks extends EventTarget {
  // rows: of one window; kept: how many windows are kept; prepare: what is made of each, once.
  constructor(api, times, name, rows, kept) {
    super();
    Object.assign(this, { api, times, name, rows, kept });
    this.there = new Map();
    this.asked = new Map();
  }

  clear() {
    for (const control of this.asked.values()) control.abort();
    this.asked.clear();
    this.there.clear();
  }

  // The window of a row, or null while it is on its way; asks for the next one too.
  of(row) {
    const at = Math.floor(row / this.rows);
    const found = this.there.get(at) ?? null;
    if (found) { this.there.delete(at); this.there.set(at, found); } else this.ask(at);
    if ((at + 1) * this.rows < this.times.n && row % this.rows > this.rows / 2) this.ask(at + 1);
    return found;
  }

  // First and last place of a row's values in its window: {chunk, from, to}; null while not there.
  span(row) {
    const chunk = this.of(row);
    if (!chunk) return null;
    const frame = this.times.frame[row], from = lowerBound(chunk.frame, frame);
    return { chunk, from, to: lowerBound(chunk.frame, frame + 1, from) };
  }

  async ask(at) {
    if (this.there.has(at) || this.asked.has(at) || at < 0 || at * this.rows >= this.times.n) return;
    if (this.asked.size > 3) {  // the newest counts: somebody is moving fast through the match
      const [old, control] = this.asked.entries().next().value;
      control.abort();
      this.asked.delete(old);
    }
    const control = new AbortController();
    this.asked.set(at, control);
    const first = this.times.frame[at * this.rows], last = this.times.frame[this.times.clamp((at + 1) * this.rows - 1)];
    try {
      const buffer = await this.api.bytes(`${this.name}?first=${first}&last=${last}`, control.signal);
      this.there.set(at, unpack(buffer));
      while (this.there.size > this.kept) this.there.delete(this.there.keys().next().value);
      this.dispatchEvent(new Event("there"));
    } catch (error) {
      if (error.name !== "AbortError") this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      if (this.asked.get(at) === control) this.asked.delete(at);
    }
  }
}
