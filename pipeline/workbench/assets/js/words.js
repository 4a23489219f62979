// Texts by key; they come from the server, where all of them are in one file a language.

let texts = {};

export function setTexts(found) { texts = found; }

export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function clock(seconds, tenths = false) {
  const whole = Math.floor(seconds + 1e-6), h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60, s = whole % 60;
  const two = (n) => String(n).padStart(2, "0");
  const tail = tenths ? `.${Math.floor((seconds + 1e-6 - whole) * 10)}` : "";
  return `${h ? `${h}:${two(m)}` : m}:${two(s)}${tail}`;
}

export const percent = (share) => `${Math.round(100 * share)}%`;

// An element: el("button", {class: "small", onclick}, "text", child).
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}
