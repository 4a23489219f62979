// The start page: the runs there are, footage to choose, the queue. What it shows comes from the server alone.

import { getJson, post } from "../api.js";
import { notice } from "../notice.js";
import { el, setTexts, t } from "../words.js";
import { Chooser } from "./chooser.js";
import { Queue } from "./queue.js";
import { RunList } from "./run_list.js";

async function start() {
  setTexts(await getJson("texts"));
  document.title = `${t("start.title")} – teamshape`;
  const told = await getJson("start/runs");
  const state = document.getElementById("state");
  const desk = {
    ...told,
    notice,
    // Ask for something; gives whether it was taken. What was wrong is shown where `wrong` says.
    async ask(what, body, wrong = (text) => notice(text, true)) {
      try { queue.show(await post(`start/${what}`, body)); wrong(""); return true; }
      catch (error) { wrong(error.message); return false; }
    },
  };
  const runs = new RunList(desk), chooser = new Chooser(desk), queue = new Queue(desk, () => refresh());
  async function refresh() {
    const { runs: found } = await getJson("start/runs");
    runs.show(found, queue.jobs);
  }
  if (desk.read_only) { state.className = "quiet"; state.textContent = t("start.read_only"); }
  document.getElementById("start").replaceChildren(
    el("div", {}, queue.node, runs.node),
    desk.read_only ? el("section", { class: "box" }, el("p", { class: "quiet" }, t("start.read_only"))) : chooser.node);
  queue.show(told.queue);
  runs.show(told.runs, queue.jobs);
  if (!desk.read_only) await chooser.choose("footage");
  const source = new EventSource("api/start/events");
  source.onmessage = (message) => queue.show(JSON.parse(message.data));
  source.onerror = () => notice(t("gone_app"), true);
  source.onopen = () => notice("");
  document.body.dataset.ready = "yes";
}

start().catch((error) => { document.getElementById("wait")?.replaceChildren(t("failed", { why: error.message })); });
