// Telegram entities to elements. Offsets are UTF-16 units, which is what JavaScript strings count in.
import { make } from "./dom.js";

const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };

// A block's edge stands where its first letter's script begins; `dir="auto"` ignores children with their own dir.
const direction = (text) => (/^\P{L}*[\u0590-\u08ff\ufb1d-\ufefc]/u.test(text) ? "rtl" : "ltr");
const DEEP_LINK = /^https?:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/;
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

// Every line is a paragraph with its own direction, so that Arabic and German lines both read well.
// `taps` says what touching a text does: command(text), and `bot`, the name whose deep links lead into this very chat.
export function formatted(text, entities, taps) {
  const root = make("div", { class: "text" });
  const inline = entities.filter((entity) => !BLOCKS.has(entity.type));
  const lines = (parent, start, end) => paragraphs(parent, text, [start, end], inline, taps);
  let position = 0;
  for (const block of entities.filter((entity) => BLOCKS.has(entity.type))) {
    if (block.offset < position) continue;
    const element = element_for(block, "", taps);
    element.dir = direction(text.slice(block.offset, block.offset + block.length));
    lines(root, position, block.offset);
    lines(element, block.offset, block.offset + block.length);
    root.append(element);
    position = block.offset + block.length;
  }
  lines(root, position, text.length);
  return root;
}

function paragraphs(parent, text, [start, end], entities, taps) {
  // A line break next to a block is part of the block's edge, not an empty line.
  if (start > 0 && text[start] === "\n" && text[start - 1] !== "\n") start += 1;
  if (end < text.length && text[end - 1] === "\n") end -= 1;
  if (start >= end) return;
  for (const line of text.slice(start, end).split("\n")) {
    const paragraph = make("p", { dir: "auto" });
    fill(paragraph, text, start, start + line.length, clipped(entities, start, start + line.length), taps);
    if (!line) paragraph.append(make("br"));
    parent.append(paragraph);
    start += line.length + 1;
  }
}

function clipped(entities, start, end) {
  return entities.map((entity) => {
    const offset = Math.max(entity.offset, start);
    return { ...entity, offset, length: Math.min(entity.offset + entity.length, end) - offset };
  }).filter((entity) => entity.length > 0);
}

function fill(parent, text, start, end, entities, taps) {
  let position = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...later] = rest;
    const stop = Math.min(entity.offset + entity.length, end);
    parent.append(text.slice(position, entity.offset));
    const element = element_for(entity, text.slice(entity.offset, stop), taps);
    fill(element, text, entity.offset, stop, later.filter((other) => other.offset < stop), taps);
    parent.append(element);
    position = stop;
    rest = later.filter((other) => other.offset >= stop);
  }
  parent.append(text.slice(position, end));
}

function element_for(entity, text, taps) {
  switch (entity.type) {
    case "text_link": return deep_link(entity.url, taps) ?? link(entity.url);
    case "url": return link(text.includes("://") ? text : `http://${text}`);
    case "email": return link(`mailto:${text}`);
    case "phone_number": return link(`tel:${text.replace(/[^+\d]/g, "")}`);
    case "bot_command": return make("button", { type: "button", class: "tap", dir: "ltr", onclick: () => taps.command(text) });
    case "spoiler": return opening("span", "spoiler");
    case "expandable_blockquote": return opening("blockquote", "expandable");
    case "blockquote": return make("blockquote");
    default: return make(PLAIN_TAGS[entity.type] ?? "span");
  }
}

const link = (href) => make("a", { href, target: "_blank", rel: "noopener noreferrer" });

// Telegram opens the bot's chat for such a link and sends /start with what stands behind `start=`.
function deep_link(href, taps) {
  const [, name, payload] = href.match(DEEP_LINK) ?? [];
  if (!name || name.toLowerCase() !== taps.bot?.toLowerCase()) return null;
  return make("a", { href, onclick: (event) => { event.preventDefault(); taps.command(`/start ${payload}`); } });
}

function opening(tag, name) {
  const element = make(tag, { class: name, role: "button", tabindex: "0" });
  const open = () => element.classList.toggle("open");
  element.addEventListener("click", open);
  element.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
  return element;
}
