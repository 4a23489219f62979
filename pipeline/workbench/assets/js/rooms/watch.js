// The first room: footage, pitch, timeline, and the panels beside them.

import { Edits } from "../edits.js";
import { helpDialog, listenKeys } from "../keys.js";
import { Answers } from "../panels/answers.js";
import { Doubts } from "../panels/doubts.js";
import { History } from "../panels/history.js";
import { People } from "../panels/people.js";
import { Radar } from "../radar.js";
import { Stage } from "../stage.js";
import { tabs } from "../tabs.js";
import { Timeline } from "../timeline.js";
import { el, t } from "../words.js";

export default {
  name: "watch",
  mount(node, bench) {
    const stage = new Stage(bench), edits = new Edits(bench, bench.notice);
    bench.edits = edits;
    const radarCanvas = el("canvas", { class: "radar", role: "img", "aria-label": t("radar_label") }), status = el("p", { class: "view-source" });
    const scale = el("canvas", { class: "scale", "aria-hidden": "true" }), still = el("canvas", { role: "img", "aria-label": t("timeline_label") }), moving = el("canvas", { class: "over", "aria-hidden": "true" });
    let side = null;
    const doubts = new Doubts(bench, edits, (count) => side?.mark("doubts", count));
    const people = new People(bench, edits);
    const panels = { doubts, people, answers: new Answers(bench), history: new History(bench, edits) };
    side = tabs(Object.entries(panels).map(([name, panel]) => ({ name, title: t(`tab.${name}`), node: panel.node })), bench.run.has.links ? "doubts" : "people");
    const bar = el("div", { class: "bar" }, el("h2", {}, t("timeline")));
    const line = el("section", { class: "timeline", "aria-label": t("timeline") }, bar, el("div", { class: "rows", tabindex: "0", role: "group", "aria-label": t("timeline_label") }, el("div", { class: "drawn" }, scale, el("div", { class: "layered" }, still, moving))));
    const above = el("section", { class: "above", "aria-label": t("radar") }, radarCanvas, status);
    // Without footage the pitch takes its place.
    const bare = !bench.run.film.there && !bench.run.film.copyable;
    if (bare) stage.picture.replaceWith(el("p", { class: "quiet bare" }, t(`film.${bench.run.film.why}`, { source: bench.run.source })), above);
    node.replaceChildren(el("div", { class: bare ? "watch bare" : "watch" }, ...[stage.node, bare ? null : above, side.node, line].filter(Boolean)));
    if (!bare) stage.mounted();
    new Radar(bench, radarCanvas, status);
    const timeline = new Timeline(bench, scale, still, moving);
    for (const [key, text, do_] of [["zoom_in", "+", () => timeline.zoom(0.7)], ["zoom_out", "−", () => timeline.zoom(1.4)], ["fit", t("fit"), () => timeline.fit()]])
      bar.append(el("button", { class: "small", title: t(key), "aria-label": t(key), onclick: do_ }, text));
    listenKeys({ bench, stage, timeline, doubts, edits, people, help: bench.help ??= helpDialog() });
    bench.addEventListener("copy", (event) => stage.copying(event.detail));
    bench.parts = { stage, timeline, doubts, edits, people, side };
  },
};
