// Start: texts, the list of runs, one of them opened, its events listened to.

import { getJson } from "./api.js";
import { Bench, DARK } from "./bench.js";
import { helpDialog } from "./keys.js";
import { notice } from "./notice.js";
import { workText } from "./panels/answers.js";
import { ROOMS } from "./rooms.js";
import { el, setTexts, t } from "./words.js";

const head = document.getElementById("head"), place = document.getElementById("room");

function stateText(bench) {
  const { state } = bench;
  if (bench.readOnly) return ["quiet", t("read_only")];
  if (state.broken.length) return ["wrong", t("broken", { why: state.broken.join("; ") })];
  if (state.lines.length) return ["wrong", t("state.refused", { why: state.lines.join("; ") })];
  if (state.busy) {
    return ["busy", workText(state)];
  }
  if (!state.writable && bench.run.has.links) return ["quiet", t("elsewhere")];
  return ["quiet", state.entries.length ? t("state.saved") : ""];
}

function buildHead(runs, bench, room, startPage) {
  const state = el("span", { id: "state", role: "status" });
  const show = () => { const [kind, text] = stateText(bench); state.className = kind; state.textContent = text; };
  const choose = runs.length < 2 ? el("h1", {}, bench.run.name) : el("label", {}, t("run"), " ", el("select", {
    onchange: (event) => { location.hash = event.target.value; location.reload(); },
  }, ...runs.map((r) => el("option", { value: r.key, selected: r.key === bench.run.key }, r.name))));
  const rooms = ROOMS.length < 2 ? null : el("nav", {}, ...ROOMS.map((r) => el("button", {
    "aria-pressed": String(r === room), onclick: () => { localStorage.setItem("room", r.name); location.reload(); },
  }, t(`room.${r.name}`))));
  const undo = el("button", { id: "undo", title: "Ctrl+Z", onclick: () => bench.edits?.undo() }, t("history.undo"));
  const redo = el("button", { id: "redo", title: "Ctrl+Y", onclick: () => bench.edits?.redo() }, t("history.redo"));
  const buttons = () => {
    undo.disabled = bench.state.undo === null || !bench.writable;
    redo.disabled = bench.state.redo === null || !bench.writable;
  };
  bench.on("state", () => { show(); buttons(); });
  show();
  buttons();
  bench.help = helpDialog();
  const back = startPage ? el("a", { href: "start" }, t("start.back")) : null;
  head.replaceChildren(...[back, choose, rooms, state, el("span", { class: "group" }, undo, redo),
    el("button", { "aria-label": t("help.title"), title: t("help.title"), onclick: () => bench.help.showModal() }, "?")].filter(Boolean));
}

function hear(bench, event) {
  if (event.event === "state") {
    const stale = event.revision !== bench.state.revision;
    if (stale && !bench.edits?.busy) bench.edits?.again(event); else if (!stale) bench.setState(event);
  } else if (event.event === "answers") {
    bench.places?.clear();
    bench.edits?.again();
    bench.emit("answers");
    document.body.dataset.answers = String(Number(document.body.dataset.answers ?? 0) + 1);
    bench.api.json("strip").then((strip) => { bench.strip = strip; bench.emit("strip"); });
  } else if (event.event === "copy") bench.dispatchEvent(new CustomEvent("copy", { detail: event }));
}

async function start() {
  setTexts(await getJson("texts"));
  document.getElementById("skip").textContent = t("skip");
  document.getElementById("wait").textContent = t("loading");
  const { runs, read_only: readOnly, start: startPage } = await getJson("runs");
  if (startPage && !runs.some((r) => r.key === location.hash.slice(1))) { location.replace("start"); return; }
  const key = runs.some((r) => r.key === location.hash.slice(1)) ? location.hash.slice(1) : runs[0].key;
  const bench = await Bench.open(key, readOnly);
  bench.notice = notice;
  bench.runs = runs;
  const room = ROOMS.find((r) => r.name === localStorage.getItem("room")) ?? ROOMS[0];
  document.title = `${bench.run.name} – teamshape`;
  DARK.addEventListener("change", () => bench.paint());
  bench.paint();
  buildHead(runs, bench, room, startPage);
  await room.mount(place, bench);
  bench.api.listen((event) => hear(bench, event), () => notice(t("gone"), true));
  bench.api.json("strip").then((strip) => { bench.strip = strip; bench.emit("strip"); });
  for (const chunks of [bench.masks, bench.places, bench.views]) chunks?.addEventListener("failed", (event) => notice(t("failed", { why: event.detail.message }), true));
  window.workbench = bench;
  document.body.dataset.ready = "yes";
}

start().catch((error) => { document.getElementById("wait")?.replaceChildren(t("failed", { why: error.message })); notice(error.message, true); });
