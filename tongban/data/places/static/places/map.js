// The map of a division: its boundary, those below, addresses within what is seen (groups of them when they are many). No tiles.
const picture = document.getElementById("map");
if (picture && window.L) draw(window.L);

function draw(L) {
  const said = picture.dataset;
  const list = document.getElementById("list");
  const told = document.getElementById("told");
  const [west, south, east, north] = said.box.split(",").map(Number);
  const map = L.map(picture, { attributionControl: false, zoomControl: false, minZoom: 4, maxZoom: 19, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: said.in, zoomOutTitle: said.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds([[south, west], [north, east]]);
  const outlines = L.layerGroup().addTo(map);
  const points = L.layerGroup().addTo(map);
  let latest = 0;

  fetchJson(said.outlines).then((found) => {
    const features = [...found.features].sort((one, other) => Number(other.properties.own) - Number(one.properties.own));
    for (const feature of features) outline(feature);
  }, failed);
  map.on("moveend", look);
  look();

  function outline(feature) {
    const { own, name, code, box } = feature.properties;
    const layer = L.geoJSON(feature, { className: own ? "places-own" : "places-part", interactive: !own }).addTo(outlines);
    if (own) return;
    const middle = [(box[1] + box[3]) / 2, (box[0] + box[2]) / 2];
    layer.on("click", () => window.location.assign(`${said.map}?division=${encodeURIComponent(code)}`));
    L.tooltip({ permanent: true, direction: "center", className: "places-name", interactive: false }).setLatLng(middle).setContent(text(name)).addTo(outlines);
  }

  async function look() {
    const seen = map.getBounds();
    const box = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()].map((one, at) => one.toFixed(6));
    const turn = ++latest;
    try {
      const found = await fetchJson(`${said.points}?box=${box.join(",")}`);
      if (turn === latest) show(found.features);
    } catch {
      failed();
    }
  }

  function show(features) {
    points.clearLayers();
    list.replaceChildren();
    document.getElementById("more")?.remove();
    const total = features.reduce((sum, one) => sum + one.properties.count, 0);
    told.textContent = said.listed.replace("{n}", total);
    for (const { geometry, properties } of features) {
      const at = [geometry.coordinates[1], geometry.coordinates[0]];
      if (properties.code) point(at, properties);
      else group(at, properties.count);
    }
  }

  function point(at, { code, text: words }) {
    const where = `${said.address}${encodeURIComponent(code)}/`;
    const shown = code === said.shown;
    const mark = L.circleMarker(at, { radius: shown ? 9 : 6, className: shown ? "places-point places-point--shown" : "places-point" });
    mark.bindTooltip(text(words)).on("click", () => window.location.assign(where)).addTo(points);
    const link = document.createElement("a");
    link.href = where;
    link.textContent = words;
    link.addEventListener("focus", () => mark.openTooltip());
    link.addEventListener("blur", () => mark.closeTooltip());
    row(link);
  }

  function group(at, count) {
    const words = said.count.replace("{n}", count);
    const size = Math.round(28 + 8 * Math.log10(count));
    const icon = L.divIcon({ className: "places-group", html: text(String(count)), iconSize: [size, size] });
    const nearer = () => map.setView(at, Math.min(map.getZoom() + 2, 19));
    const mark = L.marker(at, { icon, title: words, alt: words }).on("click keypress", nearer).addTo(points);
    mark.getElement().setAttribute("aria-label", words);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${words} · ${said.in}`;
    button.addEventListener("click", nearer);
    row(button);
  }

  function row(thing) {
    const line = document.createElement("li");
    line.append(thing);
    list.append(line);
  }

  function failed() {
    told.textContent = said.failed;
  }
}

function text(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
