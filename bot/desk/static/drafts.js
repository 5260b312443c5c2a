// What somebody typed when their session ended is there again after they log in, in this tab and for nobody else.
(() => {
  "use strict";

  const mine = `draft:${document.body.dataset.who}:`;
  const name = (field) => `${mine}${location.pathname}#${field.id}`;
  const fields = (place) => place.querySelectorAll("textarea[id]");

  function keep(field) {
    if (field.value) sessionStorage.setItem(name(field), field.value);
    else sessionStorage.removeItem(name(field));
  }

  function restore(field) {
    const draft = sessionStorage.getItem(name(field));
    if (field.value || !draft) return;
    field.value = draft;
    const closed = field.closest("details");
    if (closed) closed.open = true;
  }

  Object.keys(sessionStorage).filter((key) => key.startsWith("draft:") && !key.startsWith(mine))
    .forEach((key) => sessionStorage.removeItem(key));
  fields(document).forEach(restore);

  document.addEventListener("input", ({ target }) => { if (target.matches("textarea[id]")) keep(target); });
  // Once it was sent, what is left in the field is the draft; other listeners empty it first.
  document.addEventListener("htmx:afterRequest", () => window.setTimeout(() => fields(document).forEach(keep)));
  document.addEventListener("submit", ({ target }) => { if (target.matches("[data-leaves]")) sessionStorage.clear(); });
})();
