// What is being made: steps and how far each is, cancel, continue, and why something was refused.

import { clock, el, percent, t } from "../words.js";

export class Queue {
  constructor(desk, ended) {
    this.desk = desk;
    this.ended = ended;
    this.jobs = [];
    this.list = el("div", { id: "jobs" });
    this.node = el("section", { class: "box", "aria-label": t("start.queue"), hidden: true }, el("h2", {}, t("start.queue")), this.list);
  }

  show({ jobs }) {
    const before = new Map(this.jobs.map((j) => [j.number, j.state]));
    const changed = jobs.some((j) => before.has(j.number) && before.get(j.number) !== j.state) || jobs.length !== this.jobs.length;
    this.jobs = jobs;
    this.node.hidden = !jobs.length;
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((d) => d.dataset.job));
    const focused = document.activeElement?.dataset?.act;
    this.list.replaceChildren(...jobs.map((job) => this.row(job, open.has(String(job.number)))));
    if (focused) this.list.querySelector(`[data-act="${focused}"]`)?.focus();
    if (changed && before.size + jobs.length) this.ended();
  }

  row(job, open) {
    const title = t(job.kind === "check" ? "start.check_of" : "start.run_of", { name: job.name ?? "", source: job.source });
    const live = ["waiting", "running"].includes(job.state) && !this.desk.read_only;
    const acts = [
      job.kind !== "check" && job.state === "finished" ? el("a", { class: "open", href: `./#${job.key}` }, t("start.open")) : null,
      live ? el("button", { class: "small", "data-act": `cancel-${job.number}`, onclick: () => this.desk.ask("cancel", { number: job.number }) }, t("start.cancel")) : null,
      job.kind === "run" && job.state === "stopped" && !this.desk.read_only
        ? el("button", { class: "small", onclick: () => this.desk.ask("continue", { key: job.key }) }, t("start.continue")) : null,
    ];
    const warned = job.warnings.length
      ? el("details", { open, "data-job": String(job.number) }, el("summary", {}, t("start.warnings", { n: job.warnings.length })), ...job.warnings.map((w) => el("p", { class: "warn" }, w))) : null;
    return el("article", { class: "job", "data-state": job.state },
      el("div", { class: "job-head" }, el("span", { class: "about" }, el("b", {}, title), " ", el("small", {}, t(`start.state.${job.state}`))), ...acts),
      ...job.lines.map((line) => el("p", { class: "wrong", role: "alert" }, line)),
      ["running", "stopped"].includes(job.state) ? this.steps(job) : null, job.found ? found(job.found) : null, warned);
  }

  steps(job) {
    return el("ol", { class: "steps" }, ...job.steps.map((step) => {
      const name = t(`step.${step.name}`), share = step.total ? Math.min(1, step.done / step.total) : null;
      const bar = step.state === "running" ? el("progress", { "aria-label": name, ...(share === null ? {} : { value: share, max: 1 }) }) : el("span");
      const said = step.state === "running" ? (share !== null ? percent(share) : step.done ? String(step.done) : "")
        : step.state === "done" ? `${step.seconds === null ? "" : `${step.seconds.toFixed(1)} s`}` : step.state === "skipped" ? t("start.there") : "";
      return el("li", { "data-state": step.state }, el("span", {}, name), bar, el("span", { class: "n" }, said));
    }));
  }
}

function found(it) {
  const rows = [
    [t("start.size"), `${it.width_px} × ${it.height_px} px`], [t("start.frames"), String(it.n_frames)],
    [t("start.duration"), clock(it.duration_s, true)], [t("start.rate"), `${it.fps} ${it.variable_frame_rate ? t("start.variable") : ""}`],
    [t("start.cuts"), it.cuts_s.length ? it.cuts_s.slice(0, 12).map((s) => clock(s)).join(", ") + (it.cuts_s.length > 12 ? " …" : "") : t("start.none")],
    [t("start.repeated"), String(it.repeated_frames)],
  ];
  return el("div", {}, el("dl", { class: "facts" }, ...rows.flatMap(([a, b]) => [el("dt", {}, a), el("dd", {}, b)])), ...it.problems.map((p) => el("p", { class: "warn" }, p)));
}
