// Corrections: what each verb writes into corrections.yaml, sent with what was seen; undo and redo.

import { t } from "./words.js";

export class Edits {
  constructor(bench, notice) {
    this.bench = bench;
    this.notice = notice;
    this.busy = false;
  }

  // Send an entry; gives whether it was taken.
  async say(entry) { return this.send("corrections", { entry }); }
  async undo() { return this.bench.state.undo !== null && this.send("corrections/undo", {}); }
  async redo() { return this.bench.state.redo !== null && this.send("corrections/redo", {}); }

  async send(path, body) {
    if (!this.bench.writable || this.busy) return false;
    this.busy = true;
    try {
      const told = await this.bench.api.post(path, { ...body, revision: this.bench.state.revision });
      this.bench.setState(told.state);
      this.bench.setWho(told.who);
      this.notice(t("state.said", { line: told.state.entries.at(-1)?.line ?? "" }));
      this.bench.places?.clear();
      this.bench.emit("doubts");
      return true;
    } catch (error) {
      if (error.status === 409) { await this.again(error.body.state); this.notice(t("state.conflict"), true); }
      else this.notice(t("state.refused", { why: error.message }), true);
      return false;
    } finally {
      this.busy = false;
    }
  }

  // Somebody else has corrected: show what stands now.
  async again(state) {
    this.bench.setState(state ?? await this.bench.api.json("corrections"));
    this.bench.setWho(await this.bench.api.json("people"));
    this.bench.emit("doubts");
  }

  get frame() { return this.bench.times.frame[this.bench.clock.aim]; }

  swap(other) { return this.say({ swap: [this.bench.selected.person, other], from_frame: this.frame }); }
  join(other) { return this.say({ join: [this.bench.selected.person, other] }); }
  split(piece) { return this.say({ split: piece.track, at_frame: this.frame }); }
  end() { return this.say({ end: this.bench.selected.person, at_frame: this.frame }); }
  set(values) { return this.say({ set: this.bench.selected.person, ...values }); }

  // The selected piece, or the rest of it from this frame on.
  assign(piece, to, fromHere) {
    return this.say({ assign: piece.track, to, from_frame: fromHere ? this.frame : piece.from, until_frame: piece.to + 1 });
  }

  ignore(piece) { return this.say({ ignore: piece.track, from_frame: piece.from, until_frame: piece.to + 1 }); }

  // A path over the gap in which this frame lies.
  extend([before, behind]) {
    return this.say({ extend: this.bench.selected.person, from_frame: before.to + 1, until_frame: behind.from });
  }
}
