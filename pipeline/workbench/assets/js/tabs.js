// Tabs: one panel at a time, with the arrow keys as people expect of them.

import { el } from "./words.js";

// panels: [{name, title, node}]; gives {node, show(name), mark(name, text)}.
export function tabs(panels, shown) {
  const buttons = panels.map(({ name, title }) => el("button", {
    role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => show(name),
  }, title, el("span", { class: "count" })));
  const bodies = panels.map(({ name, node }) =>
    el("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, tabindex: "0", class: "panel" }, node));
  const list = el("div", { role: "tablist", class: "tabs" }, ...buttons);
  function show(name) {
    panels.forEach((panel, k) => {
      const on = panel.name === name;
      buttons[k].setAttribute("aria-selected", String(on));
      buttons[k].tabIndex = on ? 0 : -1;
      bodies[k].hidden = !on;
    });
  }
  list.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const at = buttons.indexOf(document.activeElement), next = (at + by + buttons.length) % buttons.length;
    buttons[next].focus();
    show(panels[next].name);
    event.preventDefault();
    event.stopPropagation();
  });
  show(shown);
  const mark = (name, text) => { buttons[panels.findIndex((p) => p.name === name)].querySelector(".count").textContent = text; };
  return { node: el("section", { class: "side" }, list, ...bodies), show, mark };
}
