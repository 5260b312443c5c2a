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

  // What somebody typed when their session ended is there again after the login, in this tab only.
  const draft = (field) => `${location.pathname}#${field.id}`;
  const isDraft = (field) => field.matches && field.matches("textarea[id]");
  document.addEventListener("input", ({ target }) => { if (isDraft(target)) sessionStorage.setItem(draft(target), target.value); });
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("textarea[id]").forEach((field) => {
    if (!field.value) field.value = sessionStorage.getItem(draft(field)) || "";
  }));
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.requestConfig && detail.requestConfig.elt;
    // To htmx a refusal (422) is a success, because it is shown.
    if (!detail.successful || detail.xhr.status >= 400 || !form || form.tagName !== "FORM") return;
    form.querySelectorAll("textarea[id]").forEach((field) => sessionStorage.removeItem(draft(field)));
  });
  document.addEventListener("submit", ({ target }) => { if (target.matches("[data-leaves]")) sessionStorage.clear(); });

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
