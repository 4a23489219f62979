// Homographies, three by three, row by row: points through them, their inverse, and what a camera sees.

const EDGE_POINTS = 16;

export function apply(h, x, y) {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w, w];
}

export function inverse(m) {
  const [a, b, c, d, e, f, g, h, i] = m;
  const A = e * i - f * h, B = f * g - d * i, C = d * h - e * g, det = a * A + b * B + c * C;
  return [A, c * h - b * i, b * f - c * e, B, a * i - c * g, c * d - a * f, C, b * g - a * h, a * e - b * d].map((v) => v / det);
}

function clip(polygon, nx, ny, offset) {
  const out = [];
  polygon.forEach((p, k) => {
    const q = polygon[(k + 1) % polygon.length], s = p[0] * nx + p[1] * ny + offset, u = q[0] * nx + q[1] * ny + offset;
    if (s >= 0) out.push(p);
    if ((s >= 0) !== (u >= 0)) out.push([p[0] + (s / (s - u)) * (q[0] - p[0]), p[1] + (s / (s - u)) * (q[1] - p[1])]);
  });
  return out;
}

// The lens of a view, or null where it bends nothing: {kind: "radial" | "cylinder", x, y, f, k1, k2}.
export function lensOf(chunk, i) {
  const kind = chunk.facts.lenses[chunk.lens[i]], [x, y, f, k1, k2] = chunk.bend.subarray(5 * i, 5 * i + 5);
  return kind === "straight" ? null : { kind, x, y, f, k1, k2 };
}

// Where the picture shows what a pinhole shows at a point; null where it does not.
export function bent(lens, x, y) {
  if (!lens) return [x, y];
  const u = (x - lens.x) / lens.f, v = (y - lens.y) / lens.f;
  if (lens.kind === "cylinder") { const a = Math.atan(u); return [a * lens.f + lens.x, v * Math.cos(a) * lens.f + lens.y]; }
  const s = u * u + v * v;
  if (1 + 3 * lens.k1 * s + 5 * lens.k2 * s * s <= 0) return null;  // further out in the pinhole's picture is not further out here
  const grow = 1 + lens.k1 * s + lens.k2 * s * s;
  return [u * grow * lens.f + lens.x, v * grow * lens.f + lens.y];
}

// Where a pinhole shows what the picture shows at a point; null where it cannot.
export function straight(lens, x, y) {
  if (!lens) return [x, y];
  const u = (x - lens.x) / lens.f, v = (y - lens.y) / lens.f;
  if (lens.kind === "cylinder") return Math.abs(u) > 1.48 ? null : [Math.tan(u) * lens.f + lens.x, v / Math.cos(u) * lens.f + lens.y];
  const far = Math.hypot(u, v);
  let r = far;
  for (let k = 0; k < 30; k += 1) {
    const s = r * r, slope = 1 + 3 * lens.k1 * s + 5 * lens.k2 * s * s;
    if (slope <= 0.05) return null;
    r -= (r * (1 + lens.k1 * s + lens.k2 * s * s) - far) / slope;
  }
  const grow = far > 0 ? r / far : 1;
  return Number.isFinite(r) ? [u * grow * lens.f + lens.x, v * grow * lens.f + lens.y] : null;
}

// The edge of the picture as a pinhole would show it; its corners, or many points where a lens bends it.
function outline(width, height, lens) {
  const corners = [[0, 0], [width, 0], [width, height], [0, height]], out = [];
  if (!lens) return corners;
  corners.forEach(([x, y], k) => {
    const [u, v] = corners[(k + 1) % 4];
    for (let i = 0; i < EDGE_POINTS; i += 1) out.push(straight(lens, x + (u - x) * i / EDGE_POINTS, y + (v - y) * i / EDGE_POINTS));
  });
  return out.filter(Boolean);
}

// The part of the pitch in view, m: a polygon, cut near the horizon and at the pitch with a margin.
export function footprint(h, width, height, pitch, lens = null, margin = 2) {
  const corners = outline(width, height, lens);
  const limit = 0.02 * Math.max(...corners.map(([x, y]) => h[6] * x + h[7] * y + h[8]));
  if (limit <= 0) return [];
  let out = clip(corners, h[6], h[7], h[8] - limit).map(([x, y]) => apply(h, x, y).slice(0, 2));
  for (const [nx, ny, half] of [[1, 0, pitch.length_m / 2], [0, 1, pitch.width_m / 2]])
    for (const sign of [1, -1]) out = clip(out, -sign * nx, -sign * ny, half + margin);
  return out;
}
