// Homographies, three by three, row by row: points through them, their inverse, and what a camera sees.

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

// The part of the pitch in view, m: a polygon, cut near the horizon and at the pitch with a margin.
export function footprint(h, width, height, pitch, margin = 2) {
  const corners = [[0, 0], [width, 0], [width, height], [0, height]];
  const limit = 0.02 * Math.max(...corners.map(([x, y]) => h[6] * x + h[7] * y + h[8]));
  if (limit <= 0) return [];
  let out = clip(corners, h[6], h[7], h[8] - limit).map(([x, y]) => apply(h, x, y).slice(0, 2));
  for (const [nx, ny, half] of [[1, 0, pitch.length_m / 2], [0, 1, pitch.width_m / 2]])
    for (const sign of [1, -1]) out = clip(out, -sign * nx, -sign * ny, half + margin);
  return out;
}
