// What every room is given: the run, its data, the clock, who is selected, and ways to correct.
//
// Events: "who" (people or pieces changed), "select", "layers", "state" (corrections, work in the background),
// "answers" (measures were made anew), "strip", "doubts"; the clock has its own.

import { RunApi } from "./api.js";
import { Chunks } from "./chunks.js";
import { Times } from "./times.js";
import { Who } from "./who.js";

export const DARK = matchMedia("(prefers-color-scheme: dark)");
const LAYERS = { masks: true, names: true, lines: false, ball: true, trail: true };

export class Bench extends EventTarget {
  static async open(key, readOnly) {
    const bench = new Bench();
    bench.api = new RunApi(key);
    bench.readOnly = readOnly;
    const [summary, frames, who] = await Promise.all([
      bench.api.json("summary"), bench.api.bytes("frames"), bench.api.json("people"),
    ]);
    bench.run = summary;
    bench.times = new Times(frames);
    bench.who = new Who(who);
    bench.state = summary.state;
    bench.selected = { person: null, track: null };
    bench.layers = { ...LAYERS, ...JSON.parse(localStorage.getItem("layers") ?? "{}") };
    const rows = Math.max(10, Math.round(2 / bench.times.step_s));
    bench.masks = summary.has.segments ? new Chunks(bench.api, bench.times, "masks", rows, 20) : null;
    bench.views = summary.has.views ? new Chunks(bench.api, bench.times, "views", 5 * rows, 6) : null;
    bench.places = summary.has.positions ? new Chunks(bench.api, bench.times, "positions", 5 * rows, 8) : null;
    return bench;
  }

  emit(name) { this.dispatchEvent(new Event(name)); }
  on(names, do_) { for (const name of names.split(" ")) this.addEventListener(name, do_); }

  // Select a person, or a track of nobody; both null: nobody.
  select(person, track = null) {
    this.selected = { person, track };
    this.emit("select");
  }

  // Select whom a track shows at a frame.
  selectTrack(track, frame) {
    const piece = this.who.piece(track, frame);
    this.select(piece ? piece.person : null, track);
  }

  // The piece that is meant at this frame: of the selected person, or of the selected track.
  piece(frame = this.clock.frame) {
    const { person, track } = this.selected;
    if (person !== null) return this.who.pieceOf(person, frame);
    return track === null ? null : this.who.piece(track, frame);
  }

  isSelected(track, frame) {
    const { person, track: own } = this.selected;
    if (person === null) return own !== null && own === track;
    return this.who.piece(track, frame)?.person === person;
  }

  toggleLayer(name) {
    this.layers[name] = !this.layers[name];
    localStorage.setItem("layers", JSON.stringify(this.layers));
    this.emit("layers");
  }

  // What the run is called and looks like, read anew: teams and colours may be others.
  async renew() {
    const { teams, colours } = await this.api.json("summary");
    Object.assign(this.run, { teams, colours });
    this.paint();
    this.emit("who");
  }

  // Team colours for style sheets.
  paint() {
    for (const team of ["A", "B"]) document.documentElement.style.setProperty(`--team-${team.toLowerCase()}`, this.team(team).fill);
  }

  setWho(told) {
    this.who = new Who(told);
    const { person, track } = this.selected;
    if (person !== null && !this.who.byId.has(person)) this.selected = { person: null, track };
    this.emit("who");
    this.emit("select");
  }

  setState(state) {
    this.state = state;
    this.emit("state");
  }

  // Colours of the page as it looks now: {fill, ink}, by label.
  get colours() { return this.run.colours[DARK.matches ? "dark" : "light"]; }

  // A team's colour and the ink on it.
  team(letter) { return { fill: this.colours.fill[letter === "A" ? 1 : 2], ink: this.colours.ink[letter === "A" ? 1 : 2] }; }

  get writable() { return !this.readOnly && this.state.writable && !this.state.broken.length; }
}
