// Inline mode: "@bot words" in a composer asks the bot for results; a tap sends one.
import { act, read } from "./api.js";
import { make } from "./dom.js";

const PAUSE_MS = 300;

export class Inline {
  // `where()` says who writes where; `onProblem(text)` and `onSent()` are told what came of it.
  constructor(form, input, { where, onProblem, onSent }) {
    Object.assign(this, { input, where, onProblem, onSent, bot: "", asked: 0 });
    this.list = make("div", { class: "popup inline-results", role: "listbox", "aria-label": "Results of the bot", hidden: true });
    form.append(this.list);
    input.addEventListener("input", () => this.later());
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  async load() { this.bot = (await read("commands")).username; }

  // The words after the bot's name, or null if the input does not begin with it.
  words() {
    const [name, ...rest] = this.input.value.trimStart().split(/\s/);
    const meant = name.toLowerCase() === `@${this.bot}`.toLowerCase() && /\s/.test(this.input.value.trimStart());
    return meant ? rest.join(" ").trim() : null;
  }

  later() {
    clearTimeout(this.timer);
    if (this.words() === null) return this.close();
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  // Put "@bot words" into the input, as a button with switch_inline_query_current_chat does.
  begin(query) {
    this.input.value = `@${this.bot} ${query}`;
    this.input.focus();
    this.input.dispatchEvent(new Event("input"));
  }

  async ask() {
    const turn = ++this.asked;
    try {
      const answer = await act("inline", { ...this.where(), query: this.words() });
      if (turn === this.asked && this.words() !== null) this.draw(answer);
    } catch (problem) {
      if (turn === this.asked) this.onProblem(problem.message);
    }
  }

  draw(answer) {
    const rows = answer.results.map((result) => make("button", {
      type: "button", role: "option", "data-result-id": result.id, onclick: () => this.choose(answer, result),
    }, make("span", { dir: "auto" }, make("strong", {}, result.title), result.description ? make("small", {}, result.description) : null)));
    const hint = answer.button ? make("p", { class: "empty", dir: "auto" }, answer.button.text) : null;
    const none = !rows.length && !hint ? make("p", { class: "empty" }, "No results.") : null;
    this.list.replaceChildren(...[hint, none, ...rows].filter(Boolean));
    this.list.hidden = false;
  }

  async choose(answer, result) {
    const query = answer.inline_query_id;
    try {
      await act("choose", { ...this.where(), inline_query_id: query, result_id: result.id });
      this.close();
      this.onSent();
    } catch (problem) {
      this.onProblem(problem.message);
    }
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
  }
}
