// Line drawings, so that the page looks the same with and without an emoji font.

const PATHS = {
  photo: "M4 6h16v12H4z M8 10.5a1.2 1.2 0 1 0 .1 0 M4 16l5-4 4 3 3-2 4 3",
  album: "M7 4h13v10H7z M4 8v10h13 M9 12l3-2.5 2.5 2 1.5-1 2 2",
  voice: "M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4z M6.5 11.5a5.5 5.5 0 0 0 11 0 M12 17v3",
  location: "M12 21c4-5 6.5-8 6.5-11.3a6.5 6.5 0 0 0-13 0C5.5 13 8 16 12 21z M12 12a2.3 2.3 0 1 0-.1 0",
  sticker: "M12 3.5a8.5 8.5 0 1 0 .1 0 M8.5 14c1.8 2.6 5.2 2.6 7 0 M9 9.3v.6 M15 9.3v.6",
  document: "M7 3.5h7l4 4v13H7z M14 3.5v4h4 M10 12h5 M10 15.5h5",
  contact: "M12 12a3.7 3.7 0 1 0-.1 0 M5 20c.8-4 3.5-5.5 7-5.5s6.2 1.5 7 5.5",
  play: "M8 5l11 7-11 7z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.document);
  svg.append(path);
  return svg;
}

// A friendly face as the one sticker people can send.
export function sticker() {
  const image = document.createElement("img");
  image.src = "/static/sticker.svg";
  image.alt = "sticker";
  image.className = "sticker";
  return image;
}
