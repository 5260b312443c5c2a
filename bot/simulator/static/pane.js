// What both sides share: a list of messages, a composer, attachments, toasts and the typing mark.
import { act, read } from "./api.js";
import { bubble } from "./bubble.js";
import { byId, make } from "./dom.js";
import { icon } from "./icons.js";
import { Inline } from "./inline.js";

const ATTACHMENTS = [["photo", "Photo"], ["album", "Album of three"], ["voice", "Voice message"], ["location", "Location"],
  ["sticker", "Sticker"], ["document", "Document"], ["large", "Document, 25 MB"], ["contact", "Contact"]];
const BEYOND_THE_LIMIT = 25_000_000;  // bytes; a bot cannot fetch more than 20 MB
const CAPTIONED = new Set(["photo", "album", "voice", "document", "large"]);
const TYPING_MS = 5000;
const TOAST_MS = 3500;

export class Pane {
  // `prefix` is "newcomer" or "staff"; `home.target()` -> fields saying who writes where; `home.botName()`, if this is
  // the bot's own chat.
  constructor(prefix, home) {
    this.home = home;
    this.list = byId(`${prefix}-messages`);
    this.form = byId(`${prefix}-form`);
    this.input = byId(`${prefix}-input`);
    this.status = byId(`${prefix}-status`);
    this.toastBox = byId(`${prefix}-toast`);
    this.views = new Map();
    this.editing = null;
    this.waiting = new Map();
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("input", () => this.fit());
    this.attachments();
    this.inline = new Inline(this.form, this.input, {
      where: () => this.place(), onProblem: (text) => this.toast(text), onSent: () => this.stopEditing(),
    });
  }

  onKey(event) {
    if (event.key === "Escape") this.stopEditing();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  async load(chatId) {
    this.toastBox.hidden = true;
    await this.inline.load();
    const views = await read(`chat/${chatId}?service=1`);
    this.views = new Map(views.map((view) => [view.message_id, view]));
    this.draw();
  }

  shown() { return [...this.views.values()].filter((view) => this.home.shows(view)); }

  draw() {
    const views = this.shown();
    this.list.replaceChildren();
    for (const view of views) this.append(view, bubble(view, this.chat()));
    if (!views.length) this.list.append(...this.home.empty());
    this.toEnd(this.list);
  }

  // Show a new or changed message without touching the others.
  update(view) {
    const known = this.views.has(view.message_id);
    this.views.set(view.message_id, view);
    if (view.from === "bot" && !known) this.typing(false);
    if (!this.home.shows(view)) return;
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    const element = bubble(view, this.chat());
    const old = this.list.querySelector(`[data-message-id="${view.message_id}"]`);
    if (old) old.replaceWith(element);
    else {
      this.list.querySelector(".empty-chat")?.remove();
      element.classList.add("fresh");
      this.append(view, element);
    }
    if (atEnd || !known) this.toEnd(element);
  }

  // Show the last message, also when the pictures of what was drawn arrive later.
  toEnd(drawn) {
    const scroll = () => { this.list.scrollTop = this.list.scrollHeight; };
    for (const picture of drawn.querySelectorAll("img")) picture.addEventListener("load", scroll, { once: true });
    scroll();
  }

  // Files of one album stand together, as one thing that was sent.
  append(view, element) {
    const last = this.list.lastElementChild;
    if (!view.media_group_id) this.list.append(element);
    else if (last?.dataset.album === view.media_group_id) last.append(element);
    else {
      const own = view.from === this.home.target().user ? "own" : "";
      this.list.append(make("div", { class: `album ${own}`, role: "group", "aria-label": "Album", "data-album": view.media_group_id }, element));
    }
  }

  chat() {
    return {
      me: this.home.target().user,
      showAuthor: this.home.showAuthor,
      find: (id) => this.views.get(id),
      command: (text) => this.say({ text }),
      bot: this.home.botName?.(),
      press: (view, button, element) => this.press(view, button, element),
      react: (view, emoji) => this.try("react", { ...this.where(), message_id: view.message_id, emoji }),
      edit: (view) => this.startEditing(view),
      ask: (query) => this.inline.begin(query),
    };
  }

  where() {
    const { user, chat } = this.home.target();
    return { user, chat };
  }

  // Where a result of inline mode goes: not in answer to anything, without a name.
  place() {
    const { user, chat, topic } = this.home.target();
    return { user, chat, topic };
  }

  async try(action, fields) {
    try {
      return await act(action, fields);
    } catch (problem) {
      this.toast(problem.message);
      return null;
    }
  }

  say(content) { return this.try("message", { ...this.home.target(), ...content }); }

  // Something else than a text; what stands in the input is its caption.
  async attach(kind) {
    const caption = this.editing ? "" : this.input.value.trim();
    const more = caption && CAPTIONED.has(kind) ? { caption } : {};
    const content = kind === "large" ? { document: true, file_name: "Belege.zip", file_size: BEYOND_THE_LIMIT } : { [kind]: true };
    const done = kind === "album"
      ? await this.try("album", { ...this.home.target(), items: ["photo", "photo", "photo"], ...more })
      : await this.say({ ...content, ...more });
    if (done && more.caption) this.stopEditing();
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.inline.close();
    const done = this.editing
      ? await this.try("edit", { ...this.where(), message_id: this.editing, text })
      : await this.say({ text });
    if (done) this.stopEditing();
  }

  startEditing(view) {
    this.editing = view.message_id;
    this.input.value = view.text;
    this.input.focus();
    this.fit();
  }

  stopEditing() {
    this.editing = null;
    this.input.value = "";
    this.fit();
  }

  async press(view, button, element) {
    element.classList.add("waiting");
    const fields = { ...this.where(), message_id: view.message_id, data: button.data };
    const pressed = await this.try("press", fields);
    const stop = () => element.classList.remove("waiting");
    if (!pressed) return stop();
    this.waiting.set(pressed.callback_query_id, stop);
    setTimeout(stop, TYPING_MS);
  }

  answered(event) {
    this.waiting.get(event.id)?.();
    this.waiting.delete(event.id);
    if (!event.text) return;
    if (!event.show_alert) return this.toast(event.text);
    byId("alert-text").textContent = event.text;
    if (!byId("alert").open) byId("alert").showModal();
  }

  toast(text) {
    this.toastBox.textContent = text;
    this.toastBox.dir = "auto";
    this.toastBox.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toastBox.hidden = true; }, TOAST_MS);
  }

  typing(on) {
    clearTimeout(this.typingTimer);
    this.status.textContent = on ? "typing…" : this.home.status();
    this.status.classList.toggle("active", on);
    if (on) this.typingTimer = setTimeout(() => this.typing(false), TYPING_MS);
  }

  attachments() {
    const popup = this.form.querySelector(".attachments");
    const button = this.form.querySelector(".attach");
    popup.append(...ATTACHMENTS.map(([kind, label]) => make("button", {
      type: "button", role: "menuitem", "data-attach": kind,
      onclick: () => { close(); this.attach(kind); },
    }, icon(kind), label)));
    const close = connectPopup(button, popup);
  }
}

// A button that opens a popup; Escape or a click elsewhere closes it. Returns the closing function.
export function connectPopup(button, popup, onOpen = () => {}) {
  const set = (open) => { popup.hidden = !open; button.setAttribute("aria-expanded", String(open)); };
  button.addEventListener("click", () => { onOpen(); set(popup.hidden); if (!popup.hidden) popup.querySelector("button")?.focus(); });
  document.addEventListener("click", (event) => {
    if (!popup.contains(event.target) && !button.contains(event.target)) set(false);
  });
  popup.addEventListener("keydown", (event) => { if (event.key === "Escape") { set(false); button.focus(); } });
  return () => set(false);
}
