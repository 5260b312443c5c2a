// The left phone: one person's chat with the bot.
import { read } from "./api.js";
import { byId, make } from "./dom.js";
import { Pane, connectPopup } from "./pane.js";

const LANGUAGES = { de: "Deutsch", en: "English", tr: "Türkçe", ar: "العربية", ru: "Русский", uk: "Українська",
  pl: "Polski", fa: "فارسی", fr: "Français", it: "Italiano", es: "Español", ro: "Română", so: "Soomaali" };
const PEOPLE = [[1001, "Rana", "ar"], [1002, "Mehmet", "tr"], [1003, "Anna", "de"], [1004, "John", "en"]];
const FIRST_NEW_PERSON = 1101;

export class Newcomer {
  constructor() {
    this.people = new Map(PEOPLE.map(([id, name, language]) => [id, { id, name, language, blocked: false }]));
    this.user = PEOPLE[0][0];
    this.showAuthor = false;
    this.menus = { scopes: {}, description: {} };
    byId("language").append(...Object.entries(LANGUAGES).map(([code, name]) => make("option", { value: code }, name)));
    byId("person").addEventListener("change", (event) => this.choose(event.target.value));
    byId("language").addEventListener("change", (event) => { this.person().language = event.target.value; this.pane.draw(); });
    byId("block").addEventListener("click", () => this.toggleBlock());
    this.pane = new Pane("newcomer", this);
    this.closeMenu = connectPopup(byId("commands-button"), byId("commands"), () => this.drawMenu());
  }

  person() { return this.people.get(this.user); }
  shows() { return true; }
  botName() { return this.menus.username; }
  status() { return this.person().blocked ? "blocked by this person" : "bot"; }

  target() {
    const { id, name, language } = this.person();
    return { user: id, name, language_code: language };
  }

  // What an empty chat shows: the bot's description and a start button, as in Telegram.
  empty() {
    const texts = this.menus.description;
    const description = texts[this.person().language] || texts[""] || "Nothing said yet.";
    const start = make("button", { type: "button", "data-testid": "start", onclick: () => this.pane.say({ text: "/start" }) }, "Start");
    return [make("div", { class: "empty-chat", dir: "auto" }, description, start)];
  }

  async load() {
    for (const known of await read("users")) {
      if (known.id >= 2000) continue;
      const person = this.people.get(known.id) ?? { id: known.id, name: known.name, language: "en" };
      person.blocked = known.blocked;
      person.language = known.language_code || person.language;
      this.people.set(known.id, person);
    }
    this.menus = await read("commands");
    this.drawPeople();
    await this.pane.load(this.user);
    this.drawKeyboard();
    this.pane.typing(false);
  }

  drawPeople() {
    const options = [...this.people.values()].map((person) => make("option", { value: person.id }, person.name));
    byId("person").replaceChildren(...options, make("option", { value: "new" }, "+ new person"));
    byId("person").value = this.user;
    byId("language").value = this.person().language;
    byId("block").classList.toggle("on", this.person().blocked);
  }

  choose(value) {
    if (value === "new") {
      this.user = Math.max(FIRST_NEW_PERSON - 1, ...this.people.keys()) + 1;
      this.people.set(this.user, { id: this.user, name: `Person ${this.user - FIRST_NEW_PERSON + 1}`, language: "en", blocked: false });
    } else this.user = Number(value);
    this.load();
  }

  async toggleBlock() {
    const done = await this.pane.try(this.person().blocked ? "unblock" : "block", { user: this.user });
    if (done) this.load();
  }

  menu() {
    const scopes = [`chat:${this.user}`, "all_private_chats", "default"].map((scope) => this.menus.scopes[scope] ?? {});
    for (const scope of scopes) {
      const menu = scope[this.person().language] ?? scope[""];
      if (menu?.length) return menu;
    }
    return [];
  }

  drawMenu() {
    const items = this.menu().map((item) => make("button", {
      type: "button", role: "menuitem",
      onclick: () => { this.closeMenu(); this.pane.say({ text: `/${item.command}` }); },
    }, make("span", { class: "command" }, `/${item.command}`), make("span", { dir: "auto" }, item.description)));
    byId("commands").replaceChildren(...(items.length ? items : [make("p", { class: "empty" }, "The bot has set no commands yet.")]));
  }

  // The keyboard that replaces the letters, if the bot's last word brought one.
  drawKeyboard() {
    const last = this.pane.shown().filter((view) => view.from === "bot" && !view.deleted && !view.service).at(-1);
    const rows = (last?.keyboard ?? []).map((row) => make("div", { class: "row" }, ...row.map((text) =>
      make("button", { type: "button", dir: "auto", onclick: () => this.pane.say({ text }) }, text))));
    byId("newcomer-keyboard").hidden = !rows.length;
    byId("newcomer-keyboard").replaceChildren(make("div", { class: "buttons" }, ...rows));
  }

  async onEvent(event) {
    if (event.kind === "commands") this.menus = await read("commands");
    if (event.kind === "message" && event.chat === this.user) {
      this.pane.update(event.message);
      this.drawKeyboard();
    }
    if (event.kind === "action" && event.chat === this.user) this.pane.typing(true);
    if (event.kind === "callback" && event.user === this.user) this.pane.answered(event);
  }
}
