// Composition of the page: two sides, one stream of events.
import { listen } from "./api.js";
import { byId } from "./dom.js";
import { Newcomer } from "./newcomer.js";
import { Office } from "./office.js";

const sides = [new Newcomer(), new Office()];
const load = () => Promise.all(sides.map((side) => side.load()));

function onEvent(event) {
  if (event.kind === "reset" || event.kind === "people") return load();
  return Promise.all(sides.map((side) => side.onEvent(event)));
}

function onState(isLive, isAgain) {
  byId("connection").textContent = isLive ? "live" : "connection lost, trying again…";
  byId("connection").classList.toggle("live", isLive);
  if (isAgain) load();
}

await load();
listen(onEvent, onState);
