// The right side: the office's group with its topics.
import { read } from "./api.js";
import { byId, colour, make } from "./dom.js";
import { Pane } from "./pane.js";

const GENERAL = 0;
const IN_GROUP = ["member", "administrator", "creator"];

// The first letter of what comes last in a name like "#17 · ar · Gründung".
const initial = (name) => name.split("·").at(-1).match(/[\p{L}\p{N}]/u)?.[0].toUpperCase() ?? "#";

export class Office {
  constructor() {
    this.group = { id: 0, title: "" };
    this.topics = [];
    this.open = GENERAL;
    this.unread = new Map();
    this.user = 2001;
    this.administrators = new Set();
    this.showAuthor = true;
    this.pane = new Pane("staff", this);
    byId("staff").addEventListener("change", (event) => { this.user = Number(event.target.value); this.pane.draw(); this.drawHead(); });
    byId("topic-close").addEventListener("click", () => this.changeTopic(this.topic()?.closed ? "reopen" : "close"));
    byId("topic-delete").addEventListener("click", () => this.changeTopic("delete"));
  }

  topic() { return this.topics.find((topic) => topic.id === this.open); }
  shows(view) { return (view.topic ?? GENERAL) === this.open; }
  status() { return this.topic()?.closed ? "closed" : ""; }
  empty() { return [make("div", { class: "empty-chat" }, "No messages here yet.")]; }

  target() {
    const where = { user: this.user, chat: this.group.id };
    return this.open === GENERAL ? where : { ...where, topic: this.open };
  }

  async load() {
    this.group = await read("group");
    byId("group-title").textContent = this.group.title;
    const staff = (await read("users")).filter((user) => IN_GROUP.includes(user.group_status));
    this.administrators = new Set(staff.filter((user) => user.group_status === "administrator").map((user) => user.id));
    byId("group-status").textContent = `${staff.length} colleagues and the bot`;
    byId("staff").replaceChildren(...staff.map((user) => make("option", { value: user.id }, user.name)));
    if (staff.some((user) => user.id === this.user)) byId("staff").value = this.user;
    else this.user = staff[0]?.id ?? this.user;
    await this.pane.load(this.group.id);
    await this.loadTopics();
  }

  async loadTopics() {
    this.topics = (await read("topics")).filter((topic) => !topic.deleted);
    if (this.open !== GENERAL && !this.topic()) this.choose(GENERAL);
    this.drawTopics();
    this.drawHead();
  }

  choose(id) {
    this.open = id;
    this.unread.delete(id);
    this.pane.stopEditing();
    this.pane.inline.close();
    this.pane.draw();
    this.drawTopics();
    this.drawHead();
  }

  drawHead() {
    byId("topic-title").textContent = this.topic()?.name ?? "General";
    byId("topic-actions").hidden = this.open === GENERAL;
    byId("topic-close").textContent = this.topic()?.closed ? "Reopen" : "Close";
    this.drawClosed();
    this.pane.typing(false);
  }

  // In a closed topic only administrators can write.
  drawClosed() {
    const closed = Boolean(this.topic()?.closed);
    this.pane.input.placeholder = closed ? "This topic is closed" : "Message";
    this.pane.input.disabled = closed && !this.administrators.has(this.user);
  }

  drawTopics() {
    const newest = (id) => this.lastOf(id)?.at ?? 0;
    const sorted = [...this.topics].sort((one, other) => newest(other.id) - newest(one.id));
    const rows = [{ id: GENERAL, name: "General", closed: false }, ...sorted].map((topic) => this.row(topic));
    byId("topic-list").replaceChildren(...rows);
  }

  lastOf(id) {
    return [...this.pane.views.values()].filter((view) => (view.topic ?? GENERAL) === id && !view.deleted).at(-1);
  }

  row(topic) {
    const last = this.lastOf(topic.id);
    const preview = last && !last.service ? last.text || last.media : "no messages yet";
    const sign = topic.id === GENERAL ? "#" : topic.closed ? "✓" : initial(topic.name);
    const unread = this.unread.get(topic.id);
    return make("li", {}, make("button", {
      type: "button", class: "topic", "data-topic-id": topic.id, "aria-current": String(topic.id === this.open),
      onclick: () => this.choose(topic.id),
    },
    make("span", { class: "avatar", "aria-hidden": "true", style: `background:${topic.closed ? "#9aaaa7" : colour(topic.id)}` }, sign),
    make("span", { class: "name", dir: "auto" }, topic.name),
    unread ? make("span", { class: "unread", "aria-label": `${unread} new` }, String(unread)) : make("span"),
    make("span", { class: "preview", dir: "auto" }, preview.split("\n")[0])));
  }

  changeTopic(action) { return this.pane.try("topic", { topic: this.open, action, user: this.user }); }

  async onEvent(event) {
    if (event.kind === "topics") await this.loadTopics();
    if (event.kind === "message" && event.chat === this.group.id) this.onMessage(event.message);
    const here = event.chat === this.group.id && (event.topic ?? GENERAL) === this.open;
    if (event.kind === "action" && here) this.pane.typing(true);
    if (event.kind === "callback" && event.user === this.user) this.pane.answered(event);
  }

  onMessage(view) {
    const isNew = !this.pane.views.has(view.message_id);
    this.pane.update(view);
    const place = view.topic ?? GENERAL;
    if (isNew && place !== this.open && !view.service) this.unread.set(place, (this.unread.get(place) ?? 0) + 1);
    this.drawTopics();
  }
}
