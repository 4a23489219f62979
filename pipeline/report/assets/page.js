"use strict";
// Everything can be read without this: it sorts, searches, and moves the video.

const plotted = document.getElementById("data");
if (plotted) {
  const options = { responsive: true, displaylogo: false, displayModeBar: false };
  for (const [id, figure] of Object.entries(JSON.parse(plotted.textContent).figures)) {
    const place = document.getElementById(id);
    if (place) Plotly.newPlot(place, figure.data, figure.layout, options);
  }
}

// Tables.

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numbers = head.dataset.sort === "n";
      const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numbers;
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => (numbers ? Number(row.cells[i].dataset.v) : row.cells[i].dataset.v);
      const order = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1);
      body.append(...[...body.rows].sort(order));
    });
  });
}

// Search: rows and cards of one player go together.

const find = document.getElementById("find"), ofTeam = document.getElementById("of-team");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  const wanted = plain(find.value.trim());
  let shown = 0;
  for (const one of document.querySelectorAll("#players tbody tr, .card")) {
    const named = plain(one.dataset.name).includes(wanted);
    one.hidden = !named || (ofTeam.value !== "" && one.dataset.team !== ofTeam.value);
    shown += one.hidden ? 0 : 1;
  }
  const none = document.getElementById("none-found");
  none.textContent = shown ? "" : none.dataset.words;
}

if (find) {
  find.addEventListener("input", filter);
  ofTeam.addEventListener("change", filter);
}

// The video: anything with a time in the run shows that moment.

const video = document.querySelector("video.overlay");
if (video) {
  const film = video.parentElement, absent = film.querySelector(".film-absent");
  const plots = [...document.querySelectorAll("svg.over-time")];
  video.addEventListener("error", () => { absent.hidden = false; });
  if (video.src.startsWith("data:")) {
    fetch(video.src).then((r) => r.blob()).then((b) => { video.src = URL.createObjectURL(b); }, () => {});
  }

  const seek = (time) => {
    video.currentTime = Math.max(0, time);
    film.classList.add("floats");
  };
  new IntersectionObserver(([seen]) => {
    if (seen.isIntersecting) film.classList.remove("floats");
  }).observe(film);
  addEventListener("keydown", (e) => { if (e.key === "Escape") film.classList.remove("floats"); });

  for (const one of document.querySelectorAll("[data-t]")) {
    if (one.localName !== "button") one.classList.add("seeks");
    one.addEventListener("click", () => seek(Number(one.dataset.t)));
  }
  for (const row of document.querySelectorAll("tr")) {
    const button = row.querySelector("button.seek");
    if (!button) continue;
    row.classList.add("seeks");
    row.addEventListener("click", (e) => { if (!e.target.closest("a, button")) button.click(); });
  }

  const span = (plot) => ["from", "to", "left", "right"].map((n) => Number(plot.dataset[n]));
  for (const plot of plots) {
    plot.classList.add("seeks");
    plot.addEventListener("click", (e) => {
      const [from, to, left, right] = span(plot), box = plot.getBoundingClientRect();
      const at = ((e.clientX - box.left) / box.width - left) / (right - left);
      seek(from + Math.min(Math.max(at, 0), 1) * (to - from));
    });
  }
  const now = plots.map((plot) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("class", "now");
    plot.append(line);
    return line;
  });
  video.addEventListener("timeupdate", () => plots.forEach((plot, i) => {
    const [from, to, left, right] = span(plot), view = plot.viewBox.baseVal;
    const x = view.width * (left + (right - left) * (video.currentTime - from) / (to - from));
    now[i].setAttribute("d", `M${x.toFixed(1)} 8V${view.height - 24}`);
  }));
}

addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
