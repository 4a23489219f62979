// The runs below the folders, newest first: what they are of, whether they can be opened or continued.

import { clock, el, t } from "../words.js";

const when = (seconds) => new Date(1000 * seconds).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export class RunList {
  constructor(desk) {
    this.desk = desk;
    this.list = el("ul", { class: "runs" });
    this.node = el("section", { class: "box", "aria-label": t("start.runs") }, el("h2", {}, t("start.runs")), this.list);
  }

  show(runs, jobs) {
    const busy = new Set(jobs.filter((j) => ["waiting", "running"].includes(j.state)).map((j) => j.key));
    this.list.replaceChildren(...runs.map((run) => this.row(run, busy.has(run.key))));
    if (!runs.length) this.list.append(el("li", { class: "quiet" }, t("start.no_runs")));
  }

  row(run, busy) {
    const score = run.score ? run.score.join("–") : "–";
    const teams = run.teams ? `${run.teams[0] ?? "A"} ${score} ${run.teams[1] ?? "B"}` : null;
    const about = [teams, run.date, run.duration_s ? clock(run.duration_s) : null, run.source, when(run.changed_s)].filter(Boolean).join(" · ");
    const state = busy ? t("start.busy") : run.finished ? null : t("start.unfinished");
    const act = run.finished ? el("a", { class: "open", href: `./#${run.key}` }, t("start.open"))
      : !busy && run.kind === "video" && !this.desk.read_only
        ? el("button", { onclick: () => this.desk.ask("continue", { key: run.key }) }, t("start.continue")) : null;
    return el("li", { "data-run": run.key }, el("span", { class: "about" }, el("b", {}, run.name), state ? ` (${state})` : "", el("small", {}, about)), act);
  }
}
