// The keyboard, and the list of what each key does.

import { el, t } from "./words.js";

const HELP = [
  ["Space", "space"], ["← →", "arrows"], ["Shift ← →", "shift_arrows"], ["J K", "jk"], ["1 – 9", "digits"], ["Enter", "enter"],
  ["Ctrl Z, Ctrl Y", "undo"], ["L", "l"], ["S", "swap"], ["X", "split"], ["M N P B", "layers"], ["+ − 0", "zoom"],
  ["Esc", "escape"], ["?", "help"],
];
const LAYER_KEYS = { m: "masks", n: "names", p: "lines", b: "ball" };

export function helpDialog() {
  const close = el("button", { onclick: () => dialog.close() }, t("help.close"));
  const list = el("dl", {}, ...HELP.flatMap(([keys, what]) => [el("dt", {}, el("kbd", {}, keys)), el("dd", {}, t(`help.keys.${what}`))]));
  const dialog = el("dialog", { "aria-labelledby": "help-title" }, el("h2", { id: "help-title" }, t("help.title")), list, close);
  document.body.append(dialog);
  return dialog;
}

const typing = (node) => node instanceof HTMLElement && node.matches("input, select, textarea, [contenteditable]");

// parts: {bench, stage, timeline, doubts, edits, people, help}
export function listenKeys(parts) {
  const { bench, stage, timeline, doubts, edits, people, help } = parts, { clock } = bench;
  const plain = {
    " ": () => clock.toggle(), ArrowLeft: () => clock.step(-1), ArrowRight: () => clock.step(1), ",": () => clock.step(-1), ".": () => clock.step(1),
    j: () => doubts.move(1), k: () => doubts.move(-1), Enter: () => doubts.accept(), l: () => stage.loop(), u: () => edits.undo(), r: () => edits.redo(),
    s: () => people.swapFromHere(), x: () => people.splitHere(), Escape: () => bench.select(null), "?": () => help.showModal(),
    "+": () => timeline.zoom(0.7), "-": () => timeline.zoom(1.4), 0: () => timeline.fit(),
  };
  document.addEventListener("keydown", (event) => {
    if (help.open || typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let act = null;
    if (event.ctrlKey || event.metaKey) act = key === "z" ? () => (event.shiftKey ? edits.redo() : edits.undo()) : key === "y" ? () => edits.redo() : null;
    else if (event.altKey) return;
    else if (event.shiftKey && key.startsWith("Arrow")) act = { ArrowLeft: () => clock.jump(-1), ArrowRight: () => clock.jump(1) }[key];
    else if (/^[1-9]$/.test(key)) act = () => doubts.choose(Number(key) - 1);
    else if (LAYER_KEYS[key]) act = () => bench.toggleLayer(LAYER_KEYS[key]);
    else if ([" ", "Enter"].includes(key) && event.target instanceof HTMLButtonElement) return;
    else act = plain[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
