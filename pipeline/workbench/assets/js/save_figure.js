// Save a figure as it looks: SVG with every style written into it, or PNG drawn from that.

const WRITTEN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "opacity", "font-family", "font-size", "font-weight", "text-anchor", "paint-order"];
const PNG_WIDTH = 2000, SVG = "http://www.w3.org/2000/svg";

// A copy that needs neither style sheets nor definitions elsewhere in the page.
function standalone(svg) {
  const copy = svg.cloneNode(true), from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, k) => {
    const style = getComputedStyle(node);
    for (const name of WRITTEN) { const value = style.getPropertyValue(name); if (value) to[k].setAttribute(name, value); }
    to[k].removeAttribute("class");
    to[k].removeAttribute("style");
  });
  for (const use of copy.querySelectorAll("use")) {
    const symbol = svg.getRootNode().querySelector(use.getAttribute("href")), group = document.createElementNS(SVG, "g");
    for (const part of symbol?.children ?? []) {
      const made = part.cloneNode(true), style = getComputedStyle(part);
      for (const name of WRITTEN) made.setAttribute(name, style.getPropertyValue(name));
      made.removeAttribute("class");
      group.append(made);
    }
    use.replaceWith(group);
  }
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number), ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, fill: getComputedStyle(document.documentElement).getPropertyValue("--paper").trim() || "#ffffff" })) ground.setAttribute(name, value);
  copy.insertBefore(ground, copy.firstChild);
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", String(PNG_WIDTH));
  copy.setAttribute("height", String(Math.round(PNG_WIDTH * height / width)));
  return copy;
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export async function saveFigure(svg, name, kind) {
  const made = standalone(svg), text = new Blob([new XMLSerializer().serializeToString(made)], { type: "image/svg+xml" });
  if (kind === "svg") { download(text, `${name}.svg`); return; }
  const image = new Image(), address = URL.createObjectURL(text);
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PNG_WIDTH;
  canvas.height = Number(made.getAttribute("height"));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  canvas.toBlob((blob) => download(blob, `${name}.png`), "image/png");
}
