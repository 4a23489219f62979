// The one clock: which row is shown. The footage leads, frame by frame; without footage time itself does.
//
// "frame": another row is on the screen (clock.row). "play": playing or not. A seek aims at a row (clock.aim);
// clock.row follows when its picture is there, so that nothing is ever drawn on another picture.

const GIVE_UP_MS = 1500, SAME_MS = 500, OWN_S = 0.005;

export class Clock extends EventTarget {
  constructor(times, video, offset_s) {
    super();
    this.times = times;
    this.video = video;
    this.offset_s = offset_s;
    this.row = this.aim = 0;
    this.exact = true;  // the picture on the screen is the row's own, not one between two that were processed
    this.loop = null;
    this.speed = 1;
    this.running = false;
    if (video) this.follow(video);
  }

  get playing() { return this.video ? !this.video.paused : this.running; }
  get time_s() { return this.times.time_s[this.row] ?? 0; }
  get frame() { return this.times.frame[this.row] ?? 0; }

  follow(video) {
    const told = Boolean(video.requestVideoFrameCallback);
    const shown = (_, meta) => { clearTimeout(this.same); this.at(meta.mediaTime, true); video.requestVideoFrameCallback(shown); };
    if (told) video.requestVideoFrameCallback(shown); else video.addEventListener("timeupdate", () => this.at(video.currentTime));
    video.addEventListener("seeked", () => {
      // A seek has ended before its picture is on the screen; where it is the same one, none is told.
      clearTimeout(this.same);
      this.same = setTimeout(() => this.at(video.currentTime), told ? SAME_MS : 0);
      this.next();
    });
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.emit("play"));
  }

  emit(name) { this.dispatchEvent(new Event(name)); }

  // The footage shows the picture of this media time; own: it is the time of a picture, not one within it.
  at(media_s, own = false) {
    const row = this.times.rowAt(media_s - this.offset_s);
    const exact = own ? Math.abs(media_s - this.offset_s - this.times.time_s[row]) < OWN_S : this.exact;
    if (this.playing && !this.video.seeking) this.aim = row;
    if (row !== this.row || exact !== this.exact) { this.row = row; this.exact = exact; this.emit("frame"); }
    if (this.playing && this.loop && row >= this.loop[1]) this.seek(this.loop[0]);
  }

  seek(row) {
    this.aim = this.times.clamp(Math.round(row));
    this.emit("aim");
    if (!this.video) { if (this.row !== this.aim) { this.row = this.aim; this.emit("frame"); } return; }
    if (this.video.seeking && performance.now() - this.asked < GIVE_UP_MS) { this.waiting = this.aim; return; }
    this.go(this.aim);
  }

  go(row) {
    this.waiting = null;
    this.asked = performance.now();
    this.video.currentTime = this.times.middle(row) + this.offset_s;
  }

  next() { if (this.waiting !== null && this.waiting !== undefined) this.go(this.waiting); }

  seekTime(time) { this.seek(this.times.rowAt(time)); }
  step(rows) { this.pause(); this.seek(this.aim + rows); }
  jump(seconds) { this.seekTime(this.times.time_s[this.aim] + seconds); }

  play() {
    if (this.video) { this.video.play().catch(() => {}); return; }
    this.running = true;
    this.emit("play");
    let before = performance.now(), time = this.time_s;
    const tick = (now) => {
      if (!this.running) return;
      if (this.row !== this.aim || Math.abs(time - this.time_s) > 1) time = this.time_s;
      time += this.speed * (now - before) / 1000;
      before = now;
      const row = this.times.rowAt(time);
      if (this.loop && row >= this.loop[1]) { this.seek(this.loop[0]); time = this.time_s; }
      else if (row !== this.row) this.seek(row);
      if (this.row >= this.times.n - 1) this.pause(); else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    if (this.video) this.video.pause();
    else if (this.running) { this.running = false; this.emit("play"); }
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  setSpeed(speed) {
    this.speed = speed;
    if (this.video) this.video.playbackRate = speed;
  }
}
