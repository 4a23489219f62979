// The picture of a frame, clicks on it and how far each is from the view, the pitch's lines as the view has them.

import { el, t } from "../words.js";

const CROSS_PX = 9, GROWN = 12;

export class ClickCanvas {
  constructor(room) {
    this.room = room;
    this.scale = 1;
    this.image = null;
    this.canvas = el("canvas", { role: "img" });
    this.node = el("div", { class: "picture-scroll", tabindex: "0", role: "group", "aria-label": t("camera.click") }, this.canvas);
    this.canvas.addEventListener("click", (event) => room.place(...this.place(event)));
    new ResizeObserver(() => this.fit()).observe(this.node);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect(), { width, height } = this.room.bench.run;
    return [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
  }

  // Show the frame; what comes late for another one is dropped.
  load(frame) {
    this.canvas.setAttribute("aria-label", t("camera.picture", { frame }));
    const image = new Image();
    image.onload = () => { if (this.room.frame === frame) { this.image = image; this.canvas.dataset.frame = frame; this.draw(); } };
    image.src = `api/${this.room.bench.api.key}/camera/picture?frame=${frame}`;
  }

  zoom(scale) {
    const middle = (this.node.scrollLeft + this.node.clientWidth / 2) / (this.scale || 1), down = (this.node.scrollTop + this.node.clientHeight / 2) / (this.scale || 1);
    this.scale = scale;
    this.fit();
    this.node.scrollLeft = middle * scale - this.node.clientWidth / 2;
    this.node.scrollTop = down * scale - this.node.clientHeight / 2;
  }

  fit() {
    const { width, height } = this.room.bench.run, wide = Math.max(1, this.node.clientWidth) * this.scale, ratio = window.devicePixelRatio || 1;
    if (this.wide === wide) return;
    this.wide = wide;
    this.canvas.style.width = `${wide}px`;
    this.canvas.style.height = `${wide * height / width}px`;
    this.canvas.width = Math.round(wide * ratio);
    this.canvas.height = Math.round(wide * ratio * height / width);
    this.draw();
  }

  draw() {
    const { canvas, room } = this, c = canvas.getContext("2d"), k = canvas.width / room.bench.run.width, unit = window.devicePixelRatio || 1;
    c.fillStyle = "#10140f";
    c.fillRect(0, 0, canvas.width, canvas.height);
    if (this.image) c.drawImage(this.image, 0, 0, canvas.width, canvas.height);
    c.lineWidth = 1.5 * unit;
    c.strokeStyle = "#ff5a4f";
    c.beginPath();
    for (const line of room.view?.lines ?? []) line.forEach(([x, y], i) => (i ? c.lineTo(x * k, y * k) : c.moveTo(x * k, y * k)));
    c.stroke();
    for (const { click, i } of room.here) this.cross(c, click, i, k, unit);
  }

  // A cross where it was clicked, a circle that is the larger the further the view puts it.
  cross(c, click, i, k, unit) {
    const [x, y] = click.image.map((v) => v * k), r = CROSS_PX * unit, { view } = this.room, at = view?.points?.indexOf(i) ?? -1;
    for (const [colour, wide] of [["#10140f", 3.5], [i === this.room.chosen ? "#ffffff" : "#ffd34d", 1.6]]) {
      c.strokeStyle = colour;
      c.lineWidth = wide * unit;
      c.beginPath();
      c.moveTo(x - r, y); c.lineTo(x + r, y); c.moveTo(x, y - r); c.lineTo(x, y + r);
      if (view?.apart_px && at >= 0) { const grown = Math.max(2, GROWN * view.apart_px[at] * k / 4); c.moveTo(x + grown, y); c.arc(x, y, grown, 0, 7); }
      c.stroke();
    }
  }
}
