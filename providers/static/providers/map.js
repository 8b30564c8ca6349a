// The larger map: outlines, the number of each area, and from nearer by the services that are a point.
// The server chose all words and left out what must not be seen; nothing is asked of another host.
"use strict";
(() => {
  const box = document.getElementById("atlas");
  if (!box || !window.L) return;
  const say = (words) => { document.getElementById("atlas-said").textContent = words; };
  const CELL = 44; // pixels: marks that lie nearer together are one
  const LISTED = 10; // services named in one popup

  function element(tag, className, text) {
    const one = document.createElement(tag);
    if (className) one.className = className;
    if (text) one.textContent = text;
    return one;
  }

  function link(address, words) {
    const one = element("a", "", words);
    one.href = address;
    return one;
  }

  function mark(position, html, className, name, content) {
    const icon = L.divIcon({ html, className: `mark ${className}`, iconSize: [36, 36] });
    const one = L.marker(position, { icon, keyboard: true, title: name, alt: name, riseOnHover: true });
    one.on("add", () => one.getElement().setAttribute("aria-label", name));
    one.bindPopup(content, { minWidth: 200, maxWidth: 260, maxHeight: 260, closeButton: false });
    return one;
  }

  function popup(parts) {
    const one = element("div", "popup");
    one.tabIndex = -1;
    one.dir = document.documentElement.dir;
    one.append(...parts);
    const close = element("button", "link", box.dataset.close);
    close.type = "button";
    close.addEventListener("click", () => map.closePopup());
    one.append(close);
    return one;
  }

  function areaMark(area) {
    const number = element("span", "", String(area.number));
    const content = popup([
      element("strong", "", area.words),
      element("p", "small", area.more),
      link(area.address, box.dataset.only),
    ]);
    const name = area.more ? `${area.words}, ${area.more}` : area.words;
    return mark([area.latitude, area.longitude], number, area.number ? "sum" : "sum zero", name, content);
  }

  function service(point) {
    const one = element("p");
    const name = link(point.address, point.name);
    name.dir = "auto";
    one.append(name, element("br"), `${point.help} · ${point.run_by}`, element("br"));
    one.append(element("span", `st st-${point.tone}`, point.room));
    return one;
  }

  function pin(point) {
    const symbol = element("span", `pin pin-${point.kind}`);
    symbol.append(element("span", "", point.letter));
    const name = `${point.name}: ${point.help}, ${point.run_by}, ${point.room}`;
    return mark([point.latitude, point.longitude], symbol, "", name, () => popup([service(point)]));
  }

  function together(points) {
    const name = `${box.dataset.together}: ${points.length}`;
    const at = points.reduce((sum, one) => [sum[0] + one.latitude, sum[1] + one.longitude], [0, 0])
      .map((sum) => sum / points.length);
    const content = () => {
      const parts = points.slice(0, LISTED).map(service);
      if (points.length > LISTED) parts.push(element("p", "small", box.dataset.rest));
      return popup([element("strong", "", name), ...parts]);
    };
    return mark(at, element("span", "", String(points.length)), "many", name, content);
  }

  function grouped(points) {
    const groups = [];
    for (const point of points) {
      const place = map.project([point.latitude, point.longitude]);
      const near = groups.find((one) => one.place.distanceTo(place) < CELL);
      if (near) near.points.push(point);
      else groups.push({ place, points: [point] });
    }
    return groups.map(({ points: some }) => (some.length > 1 ? together(some) : pin(some[0])));
  }

  const map = L.map(box, {
    attributionControl: false, keyboard: false, zoomControl: false, zoomSnap: 0.1, zoomDelta: 1, minZoom: 4, maxZoom: 14,
    fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false,
  });
  L.control.zoom({ zoomInTitle: box.dataset.closer, zoomOutTitle: box.dataset.farther }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  let found = { areas: [], points: [] };
  let home = 0;
  let opener = null;

  // A mark that takes the focus may move the map, and a moved map is drawn anew: the focus stays.
  function draw() {
    const held = map.getPane("markerPane").contains(document.activeElement) && document.activeElement.title;
    opener = null;
    marks.clearLayers();
    const near = map.getZoom() > home;
    const view = map.getBounds().pad(0.2);
    const drawn = near
      ? grouped(found.points.filter((one) => view.contains([one.latitude, one.longitude])))
      : found.areas.filter((one) => one.latitude !== null).map(areaMark);
    drawn.forEach((one) => marks.addLayer(one));
    const same = held && drawn.find((one) => one.options.title === held);
    if (same) same.getElement().focus({ preventScroll: true });
  }

  function keys(event) {
    const steps = { ArrowUp: [0, -80], ArrowDown: [0, 80], ArrowLeft: [-80, 0], ArrowRight: [80, 0] };
    if (steps[event.key]) map.panBy(steps[event.key], { animate: false });
    else if (event.key === "+" || event.key === "=") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else if (event.key === "Escape") map.closePopup();
    else return;
    event.preventDefault();
  }

  function start([outlines, answer]) {
    box.hidden = false;
    document.getElementById("drawn").hidden = true;
    document.getElementById("atlas-key").hidden = false;
    map.invalidateSize();
    found = answer;
    const focus = box.dataset.focus;
    const mine = (feature) => !focus || feature.properties.parent === focus;
    const lines = L.geoJSON(outlines, {
      interactive: false,
      style: (feature) => ({ className: mine(feature) ? "county" : "county beyond" }),
    }).addTo(map);
    lines.eachLayer((one) => { if (mine(one.feature)) one.bringToFront(); });
    const inside = L.geoJSON(outlines, { filter: mine });
    const whole = inside.getLayers().length ? inside : lines;
    map.fitBounds(whole.getBounds(), { animate: false });
    home = map.getZoom();
    draw();
    map.on("moveend", () => { if (map.getZoom() > home && !(map._popup && map._popup.isOpen())) draw(); });
    map.on("zoomend", draw);
  }

  map.on("popupopen", ({ popup: one }) => {
    opener = one._source && one._source.getElement();
    one.getElement().querySelector(".popup").focus({ preventScroll: true });
  });
  map.on("popupclose", () => { if (opener && opener.isConnected) opener.focus({ preventScroll: true }); });
  box.addEventListener("keydown", keys);

  const read = (address, type) => fetch(address, { headers: { Accept: type } }).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.json();
  });
  Promise.all([read(box.dataset.boundaries, "application/geo+json"), read(box.dataset.points, "application/json")])
    .then(start)
    .catch(() => say(box.dataset.away));
})();
