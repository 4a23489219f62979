// A run from tracking data: whose they are, the files that belong to them, a name; start.

import { el, t } from "../words.js";
import { FolderView } from "./folder_view.js";

const UNITS = ["", "m", "cm"], ORIGINS = ["", "centre", "bottom-left", "top-left"];

// A path to type or choose.
function filePicker(desk, label, folder, wrong) {
  const input = el("input", { autocomplete: "off", spellcheck: "false", placeholder: t("start.none") });
  const view = new FolderView("tracking", (path) => { input.value = path; view.node.hidden = true; }, wrong);
  view.node.hidden = true;
  const browse = el("button", { type: "button", class: "small", onclick: () => { view.node.hidden = !view.node.hidden; if (!view.node.hidden) view.open(folder); } }, t("start.browse"));
  return { node: el("div", { class: "wide" }, el("label", {}, label, input), browse, view.node), value: () => input.value.trim() };
}

export function dataForm(desk, it, wrong) {
  const byName = new Map(it.providers.map((p) => [p.name, p])), place = el("div", { class: "options wide" });
  const choice = (values, text) => el("select", {}, ...values.map((v) => el("option", { value: v }, text(v))));
  const provider = el("select", { onchange: () => fill() }, el("option", { value: "" }, t("start.data.guess")),
    ...it.providers.map((p) => el("option", { value: p.name, selected: p.name === it.provider }, `${p.name}: ${p.about}`)));
  const name = el("input", { placeholder: t("start.data.name_auto"), autocomplete: "off" });
  const also = el("textarea", { rows: 2, spellcheck: "false" }), fps = el("input", { inputmode: "decimal", autocomplete: "off", placeholder: t("start.data.guessed") });
  const guessed = (v) => v || t("start.data.guessed"), units = choice(UNITS, guessed), origin = choice(ORIGINS, guessed);
  const label = (key, input, wide = false) => el("label", { class: wide ? "wide" : "" }, t(`start.data.${key}`), input);
  let meta = [];
  function fill() {
    const own = byName.get(provider.value);
    const named = [...(own?.meta ?? []).map((what) => ["meta", what]), ...(own?.also ?? []).map((what) => ["more_meta", what])];
    meta = named.map(([key, what]) => filePicker(desk, t(`start.data.${key}`, { what }), it.folder, wrong));
    place.replaceChildren(...meta.map((m) => m.node));
    table.hidden = provider.value !== "table";
  }
  const table = el("div", { class: "options wide" }, label("units", units), label("origin", origin), label("fps", fps));
  const send = async (event) => {
    event.preventDefault();
    const body = {
      source: it.path, name: name.value.trim(), provider: provider.value, meta: meta.map((m) => m.value()).filter(Boolean), also: also.value.split("\n").map((p) => p.trim()).filter(Boolean),
      ...(table.hidden ? {} : { units: units.value, origin: origin.value, fps: fps.value.trim() }),
    };
    if (await desk.ask("analyze", body, wrong)) { desk.notice(t("start.ordered")); document.getElementById("jobs")?.scrollIntoView({ block: "nearest" }); }
  };
  const form = el("form", { onsubmit: send }, el("p", { class: "quiet" }, el("b", {}, it.name)), it.why ? el("p", { class: "warn" }, it.why) : null,
    el("div", { class: "options" }, label("provider", provider, true), place, table, label("also", also, true), el("label", {}, t("start.option.name"), name)),
    el("button", { class: "go" }, t("start.data.go")), " ", el("small", {}, t("start.goes_to", { out: desk.out })));
  fill();
  return form;
}
