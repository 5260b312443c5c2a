// The little that a page cannot do by itself. Every page works without it.
(() => {
  "use strict";

  const news = () => document.getElementById("news");

  // Says something to everybody, also to those who hear the page.
  function tell(text) {
    const place = news();
    if (!place) return;
    place.textContent = "";
    window.setTimeout(() => { place.textContent = text; }, 50);
    window.clearTimeout(tell.timer);
    tell.timer = window.setTimeout(() => { place.textContent = ""; }, 8000);
  }

  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    if (!answer.getResponseHeader("HX-Redirect")) tell(document.body.dataset.failed);
  });
  document.addEventListener("htmx:sendError", () => tell(document.body.dataset.offline));

  // A form is sent once, however often its button is pressed; coming back to the page frees it again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
