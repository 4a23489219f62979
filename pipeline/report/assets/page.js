"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const options = { responsive: true, displaylogo: false, displayModeBar: false };

for (const [id, figure] of Object.entries(data.figures)) {
  const place = document.getElementById(id);
  if (place) Plotly.newPlot(place, figure.data, figure.layout, options);
}

function unpack(packed) {
  const raw = atob(packed.bytes), rows = [];
  for (let start = 0; start < raw.length; start += data.columns) {
    const row = new Array(data.columns);
    for (let i = 0; i < data.columns; i++) row[i] = raw.charCodeAt(start + i) / 255 * packed.top;
    rows.push(row);
  }
  return rows;
}

const measure = document.getElementById("measure"), chooser = document.getElementById("player");
const players = new Map(data.players.map((p) => [String(p.track), p]));

function warm(id, packed, scale) {
  const look = { z: [unpack(packed)], zmax: [packed.top || 1] };
  if (scale) look.colorscale = [scale];
  Plotly.restyle(id, look, [0]);
}

function showTeams() {
  for (const [id, kinds] of Object.entries(data.heat)) warm(id, kinds[measure.value]);
}

function showPlayer() {
  if (!chooser) return;
  const p = players.get(chooser.value);
  warm("heat_player", p[measure.value], p.scale);
  document.getElementById("player_facts").replaceChildren(...p.facts.map((cells) => {
    const row = document.createElement("tr");
    for (const text of cells) row.insertCell().textContent = text;
    return row;
  }));
}

if (measure) {
  measure.addEventListener("change", () => { showTeams(); showPlayer(); });
  showTeams();
}
if (chooser) {
  chooser.addEventListener("change", showPlayer);
  showPlayer();
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

// Paper is narrower than most windows: draw the charts at the width that they have on an A4 page.
function toPaper(start) {
  for (const chart of document.querySelectorAll(".js-plotly-plot")) {
    const half = chart.closest(".pair"), aside = chart.closest(".aside");
    const width = half ? 325 : aside ? 470 : 680;
    const pitch = chart.classList.contains("pitch"), ratio = chart.clientWidth / chart.clientHeight;
    const height = pitch ? width / ratio : chart.clientHeight;
    Plotly.relayout(chart, start ? { autosize: false, width, height } : { autosize: true, width: null, height: null });
  }
}
addEventListener("beforeprint", () => toPaper(true));
addEventListener("afterprint", () => toPaper(false));
