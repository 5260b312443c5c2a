// One message as an element.
import { clock, make } from "./dom.js";
import { formatted } from "./format.js";
import { icon, sticker } from "./icons.js";

const SERVICE_TEXTS = {
  forum_topic_created: "opened this topic", forum_topic_edited: "changed this topic",
  forum_topic_closed: "closed this topic", forum_topic_reopened: "reopened this topic",
  pinned_message: "pinned a message", migrate_from_chat_id: "moved the group to a new id",
};
const MEMBER_TEXTS = { new_chat_members: "joined", left_chat_member: "left" };
const WAVE = [7, 14, 10, 20, 25, 16, 9, 18, 24, 12, 8, 15, 21, 11, 17, 9, 13, 7];

// `view` is a message of /sim/chat; `chat` gives me, find(id), press, react, edit, ask, command, bot and showAuthor.
export function bubble(view, chat) {
  if (view.service) return service(view);
  const own = view.from === chat.me;
  const element = make("article", {
    class: `message ${own ? "own" : ""} ${view.deleted ? "deleted" : ""}`,
    "data-message-id": view.message_id, "data-from": view.from,
  });
  element.append(body(view, chat, own));
  if (view.deleted) return element;
  if (view.buttons.length) element.append(keyboard(view, chat));
  if (view.reactions.length) {
    element.append(make("div", { class: "reactions", "aria-label": "Reactions" },
      ...view.reactions.map((reaction) => make("span", {}, reaction.emoji))));
  }
  element.append(tools(view, chat, own));
  return element;
}

function service(view) {
  const words = serviceWords(view);
  return make("div", { class: "service", "data-message-id": view.message_id, "data-service": view.service },
    words);
}

// "Frau A. closed this topic", "Frau A. renamed this topic to …", "Herr B. left".
function serviceWords(view) {
  if (view.service in MEMBER_TEXTS) return `${view.subject} ${MEMBER_TEXTS[view.service]}`;
  if (view.service === "forum_topic_edited" && view.subject) return `${view.name} renamed this topic to ${view.subject}`;
  return `${view.name} ${SERVICE_TEXTS[view.service] ?? view.service.replaceAll("_", " ")}`;
}

function body(view, chat, own) {
  const box = make("div", { class: "bubble", dir: "auto" });
  if (chat.showAuthor && !own) box.append(make("span", { class: "author", dir: "auto" }, view.name));
  if (view.deleted) {
    box.append("message deleted");
    return box;
  }
  if (view.via_bot) box.append(make("span", { class: "forwarded via-bot" }, "via the bot"));
  if (view.forwarded) box.append(make("span", { class: "forwarded" }, "forwarded"));
  const answered = view.reply_to ? chat.find(view.reply_to) : null;
  if (answered) box.append(make("div", { class: "quote", dir: "auto" }, answered.text || answered.media || "…"));
  if (view.media) box.append(media(view));
  if (view.text) box.append(formatted(view.text, view.entities, chat));
  box.append(make("div", { class: "meta", dir: "ltr" },
    view.edited ? make("span", { class: "edited" }, "edited") : null,
    make("time", { datetime: new Date(view.at * 1000).toISOString() }, clock(view.at))));
  return box;
}

function media(view) {
  switch (view.media) {
    case "photo": return make("img", { class: "photo", src: `/sim/file/${view.file_id}`, alt: "photo" });
    case "sticker": return sticker();
    case "voice": return make("div", { class: "voice", role: "img", "aria-label": "voice message" },
      make("span", { class: "play" }, icon("play")),
      make("span", { class: "wave" }, ...WAVE.map((height) => make("i", { style: `height:${height}px` }))));
    case "location": return make("div", { class: "place", role: "img", "aria-label": "location" },
      icon("location"), make("span", { class: "degrees", dir: "ltr" }, `${view.location.latitude}, ${view.location.longitude}`));
    case "contact": return make("div", { class: "file" }, make("span", { class: "sheet" }, icon("contact")),
      make("span", { dir: "auto" }, `${view.contact.first_name} `, make("bdi", { dir: "ltr" }, view.contact.phone_number)));
    default: return make("div", { class: "file" },
      make("span", { class: "sheet" }, icon("document")), view.file_name ?? view.media);
  }
}

function keyboard(view, chat) {
  const rows = view.buttons.map((row) => make("div", { class: "row" }, ...row.map((button) => {
    if (button.url) {
      return make("a", { href: button.url, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, button.text);
    }
    if (button.switch_inline_query_current_chat !== undefined) {
      return make("button", { type: "button", class: "inline", dir: "auto",
        onclick: () => chat.ask(button.switch_inline_query_current_chat) }, button.text);
    }
    const element = make("button", { type: "button", dir: "auto", "data-callback": button.data }, button.text);
    element.addEventListener("click", () => chat.press(view, button, element));
    return element;
  })));
  return make("div", { class: "buttons" }, ...rows);
}

function tools(view, chat, own) {
  const choices = ["👍", "❤", "👎"].map((emoji) => {
    const mine = view.reactions.some((reaction) => reaction.from === chat.me && reaction.emoji === emoji);
    return make("button", { type: "button", "aria-pressed": String(mine), onclick: () => chat.react(view, mine ? "" : emoji) }, emoji);
  });
  if (own && view.text && !view.via_bot) {
    choices.push(make("button", { type: "button", "aria-label": "Edit", onclick: () => chat.edit(view) }, "✎"));
  }
  return make("div", { class: "tools", role: "group", "aria-label": "React or edit" }, ...choices);
}
