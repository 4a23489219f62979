// Frames of the run and when each is shown; a row is the place of a frame in the run, from 0.

import { lowerBound, unpack } from "./packed.js";

const EARLY_S = 0.001;

export class Times {
  constructor(buffer) {
    const { frame, time_s } = unpack(buffer);
    this.frame = frame;
    this.time_s = time_s;
    this.n = frame.length;
    const steps = Array.from(time_s.subarray(1, Math.min(this.n, 400)), (t, i) => t - time_s[i]).sort((a, b) => a - b);
    this.step_s = steps.length ? steps[steps.length >> 1] : 0.04;
  }

  clamp(row) { return Math.max(0, Math.min(this.n - 1, row)); }

  // The row that is shown at a time: the last one that has begun.
  rowAt(time) { return this.clamp(lowerBound(this.time_s, time + EARLY_S) - 1); }

  // The middle of the time in which a row is shown: a seek to it cannot miss.
  middle(row) {
    const next = row + 1 < this.n ? this.time_s[row + 1] : this.time_s[row] + this.step_s;
    return (this.time_s[row] + Math.min(next, this.time_s[row] + 2 * this.step_s)) / 2;
  }

  // The row of a frame, or of the first one behind it.
  rowOf(frame) { return this.clamp(lowerBound(this.frame, frame)); }
}
