// Masks: run lengths to pixels, painted in colours with a line around each, and asked which one lies at a point.

let bits = new Uint8Array(1 << 16);

// Decode mask i of a chunk into bits, row by row; gives [height, width].
function decode(chunk, i) {
  const height = chunk.height[i], width = chunk.width[i], size = height * width;
  if (bits.length < size) bits = new Uint8Array(2 * size);
  let at = 0, value = 0;
  for (let r = chunk.start[i]; r < chunk.start[i + 1]; r += 1) {
    bits.fill(value, at, at + chunk.runs[r]);
    at += chunk.runs[r];
    value ^= 1;
  }
  return [height, width];
}

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const word = ([r, g, b], alpha) => ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;

export class MaskPainter {
  constructor(width, height, colours) {
    this.canvas = new OffscreenCanvas(width, height);
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.width = width;
    this.height = height;
    this.colours = colours.map(rgb);
    this.dirty = [];
  }

  // list: [{chunk, i, label, strength}] from far to near; strength 0 faint, 1 usual, 2 selected.
  paint(list) {
    for (const [top, left, h, w] of this.dirty)
      for (let y = top; y < top + h; y += 1) this.pixels.fill(0, y * this.width + left, y * this.width + left + w);
    const before = this.dirty;
    this.dirty = list.map((m) => this.one(m));
    for (const [top, left, h, w] of [...before, ...this.dirty]) this.context.putImageData(this.image, 0, 0, left, top, w, h);
  }

  one({ chunk, i, label, strength }) {
    const [h, w] = decode(chunk, i), top = chunk.top[i], left = chunk.left[i];
    const colour = this.colours[label] ?? this.colours[7];
    const fill = word(colour, [45, 105, 130][strength]);
    const edge = strength === 2 ? word([255, 255, 255], 255) : word(colour, [150, 235][strength]);
    for (let y = 0; y < h && top + y < this.height; y += 1) {
      const row = y * w, out = (top + y) * this.width + left;
      for (let x = 0; x < w; x += 1) {
        if (!bits[row + x]) continue;
        const inner = x > 0 && x < w - 1 && y > 0 && y < h - 1 && bits[row + x - 1] && bits[row + x + 1] && bits[row - w + x] && bits[row + w + x];
        this.pixels[out + x] = inner ? fill : edge;
      }
    }
    return [top, left, h, w];
  }
}

// The mask of a list (near ones last) at a point of the picture, else the nearest within reach px; or null.
export function maskAt(list, x, y, reach) {
  let best = null, least = reach;
  for (const mask of [...list].reverse()) {
    const { chunk, i } = mask, left = chunk.left[i], top = chunk.top[i], w = chunk.width[i], h = chunk.height[i];
    const outside = Math.hypot(Math.max(left - x, 0, x - left - w), Math.max(top - y, 0, y - top - h));
    if (outside > reach) continue;
    if (outside === 0) {
      decode(chunk, i);
      if (bits[Math.floor(y - top) * w + Math.floor(x - left)]) return mask;
    }
    if (outside < least) { best = mask; least = outside; }
  }
  return best;
}
