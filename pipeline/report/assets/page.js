"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const options = { responsive: true, displaylogo: false, displayModeBar: false };

for (const [id, figure] of Object.entries(data.figures)) {
  const place = document.getElementById(id);
  if (place) Plotly.newPlot(place, figure.data, figure.layout, options);
}

function unpack(text, columns, top) {
  const raw = atob(text), rows = [];
  for (let start = 0; start < raw.length; start += columns) {
    const row = new Array(columns);
    for (let i = 0; i < columns; i++) row[i] = raw.charCodeAt(start + i) / 255 * top;
    rows.push(row);
  }
  return rows;
}

const chooser = document.getElementById("player");
if (chooser) {
  const players = new Map(data.players.map((p) => [String(p.track), p]));
  const show = () => {
    const p = players.get(chooser.value);
    const look = { z: [unpack(p.bytes, data.columns, p.top)], zmax: [p.top || 1], colorscale: [p.scale] };
    Plotly.restyle("heat_player", look, [0]);
  };
  chooser.addEventListener("change", show);
  show();
}

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, i) => {
    head.tabIndex = 0;
    const sort = () => {
      const numbers = head.dataset.sort === "n";
      const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numbers;
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => (numbers ? Number(row.cells[i].dataset.v) : row.cells[i].dataset.v);
      const order = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1);
      body.append(...[...body.rows].sort(order));
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", (e) => { if (e.key === "Enter") sort(); });
  });
}

const resize = () => document.querySelectorAll(".js-plotly-plot").forEach((p) => Plotly.Plots.resize(p));
addEventListener("beforeprint", resize);
addEventListener("afterprint", resize);
matchMedia("print").addEventListener("change", resize);
