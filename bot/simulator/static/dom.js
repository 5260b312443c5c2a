// Small helpers for building elements; text is always set as text, never as markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

const COLOURS = ["#3b7f8c", "#8a6fae", "#b0723d", "#5b8a4f", "#a85a6b", "#4c6fa5"];
export const colour = (number) => COLOURS[Math.abs(number) % COLOURS.length];

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
