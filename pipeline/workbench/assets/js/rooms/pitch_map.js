// A map of the pitch: landmarks and lines to choose from; filled ones are clicked already in this picture.

import { el, t } from "../words.js";

const SVG = "http://www.w3.org/2000/svg", BORDER_M = 5, REACH_M = 3.2;

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

const path = (line) => line.map(([x, y], i) => `${i ? "L" : "M"}${x} ${-y}`).join("");

export class PitchMap {
  // choose(index): a landmark, or behind them a line.
  constructor(pitch, told, choose) {
    const { length_m: length, width_m: width } = pitch;
    this.node = el("div", { class: "map" });
    const svg = shape("svg", { viewBox: `${-length / 2 - BORDER_M} ${-width / 2 - BORDER_M} ${length + 2 * BORDER_M} ${width + 2 * BORDER_M}`, role: "img", "aria-label": t("camera.map") });
    svg.append(shape("rect", { class: "grass", x: -length / 2, y: -width / 2, width: length, height: width }), shape("path", { class: "chalk", d: pitch.lines.map(path).join("") }));
    this.lines = told.markings.map((m) => shape("path", { class: "pick-line", d: path(m.path) }));
    this.dots = told.landmarks.map(({ at: [x, y] }) => shape("circle", { class: "pick-dot", cx: x, cy: -y, r: 1.5 }));
    svg.append(...this.lines, ...this.dots);
    const near = shape("text", { x: 0, y: width / 2 + 4, "text-anchor": "middle", class: "map-text" });
    near.textContent = t("camera.near");
    svg.append(near);
    svg.addEventListener("click", (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const apart = told.landmarks.map(({ at: [x, y] }) => Math.hypot(x - at.x, -y - at.y)), nearest = apart.indexOf(Math.min(...apart));
      if (apart[nearest] <= REACH_M) { choose(nearest); return; }
      const along = told.markings.map((m) => fromLine(m.path, at.x, -at.y)), line = along.indexOf(Math.min(...along));
      if (along[line] <= REACH_M) choose(told.landmarks.length + line);
    });
    this.node.append(svg);
  }

  show(picked, clicked) {
    [...this.dots, ...this.lines].forEach((node, i) => {
      node.classList.toggle("picked", i === picked);
      node.classList.toggle("clicked", clicked.includes(i));
    });
  }
}

function fromLine(line, x, y) {
  let least = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    const [ax, ay] = line[i - 1], [bx, by] = line[i], dx = bx - ax, dy = by - ay;
    const share = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(ax + share * dx - x, ay + share * dy - y));
  }
  return least;
}
