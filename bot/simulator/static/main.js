// Composition of the page: two sides, one stream of events.
import { listen } from "./api.js";
import { byId } from "./dom.js";
import { Newcomer } from "./newcomer.js";
import { Office } from "./office.js";

const sides = [new Newcomer(), new Office()];
const load = () => Promise.all(sides.map((side) => side.load()));
let turn = Promise.resolve();

// One thing after the other: what happens while the page loads is not in what it loads, and must not be drawn over.
function inTurn(work) {
  turn = turn.then(work).catch((problem) => console.error(problem));
}

function onEvent(event) {
  if (event.kind === "reset" || event.kind === "people") return load();
  return Promise.all(sides.map((side) => side.onEvent(event)));
}

function onState(isLive) {
  byId("connection").textContent = isLive ? "live" : "connection lost, trying again…";
  byId("connection").classList.toggle("live", isLive);
  if (isLive) inTurn(load);
}

listen((event) => inTurn(() => onEvent(event)), onState);
