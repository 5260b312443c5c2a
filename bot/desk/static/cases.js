// Queue and case: what changes is put into the page without disturbing whoever reads or types. All works without it.
(() => {
  "use strict";

  const source = new WeakMap();
  const remember = (node) => { if (!source.has(node)) source.set(node, node.outerHTML); };

  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

  // Focus returns when its place was made anew: to what has the same id or, without one, the same place inside what has.
  function focusNow() {
    const focused = document.activeElement;
    const named = focused && focused.closest("[id]");
    if (!named) return () => {};
    const place = [...named.querySelectorAll(FOCUSABLE)].indexOf(focused);
    return () => {
      if (document.activeElement === focused) return;
      const fresh = document.getElementById(named.id);
      const again = focused.isConnected ? focused : fresh && (place < 0 ? fresh : fresh.querySelectorAll(FOCUSABLE)[place]);
      if (again) again.focus({ preventScroll: true });
    };
  }

  // Children with the same id that say the same stay the very same: sound goes on playing, what is open stays open.
  function merge(target, fragment) {
    const added = [];
    [...target.children].forEach(remember);
    const wanted = [...fragment.children].map((fresh) => {
      const old = fresh.id && target.querySelector(":scope > #" + CSS.escape(fresh.id));
      if (old && source.get(old) === fresh.outerHTML) return old;
      remember(fresh);
      if (old) reopen(old, fresh);
      added.push(fresh);
      return fresh;
    });
    const kept = new Set(wanted);
    [...target.childNodes].forEach((node) => { if (!kept.has(node)) node.remove(); });
    wanted.forEach((node, place) => {
      if (target.children[place] !== node) target.insertBefore(node, target.children[place] || null);
    });
    return added;
  }

  function reopen(old, fresh) {
    old.querySelectorAll("details[open][id]").forEach((open) => {
      const again = fresh.querySelector("#" + CSS.escape(open.id));
      if (again) again.open = true;
    });
  }

  htmx.defineExtension("keyed", {
    isInlineSwap: () => false,
    handleSwap: (style, target, fragment) => {
      if (style !== "keyed") return false;
      const follow = atEnd;
      const refocus = focusNow();
      const added = merge(target, fragment);
      refocus();
      if (follow) end();
      return added;
    },
  });

  const fieldsOf = (place) => [...place.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const firstOf = (select) => Math.max([...select.options].findIndex((option) => option.defaultSelected), 0);

  function begun(place) {
    return fieldsOf(place).some((field) => {
      if (field === document.activeElement) return true;
      if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
      return field.selectedIndex !== firstOf(field);
    });
  }

  // Where somebody has begun to fill something in, nothing is renewed; what was open stays open.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.id === "case-head") said(target, fragment);
    refocus = focusNow();
    if (!target.matches("[data-keeps-typing]")) return;
    if (begun(target)) { event.detail.shouldSwap = false; return; }
    reopen(target, fragment);
  });

  let refocus = () => {};
  document.addEventListener("htmx:oobAfterSwap", () => refocus());

  // Tells those who hear the page that the person has written.
  function said(old, fresh) {
    const before = old.querySelector("#newest"), now = fresh.querySelector("#newest"), place = document.getElementById("case-said");
    if (before && now && place && Number(now.dataset.seen) > Number(before.dataset.seen)) place.textContent = now.dataset.news;
  }

  const sent = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.dataset.after) sent.set(detail.elt, fieldsOf(detail.elt).map((field) => [field, field.value]));
  });

  // Takes away what was sent and leaves what was typed since; whether something is left.
  function empty([field, was]) {
    if (field.value === was) {
      if (field.tagName === "SELECT") field.selectedIndex = firstOf(field);
      else field.value = "";
      return false;
    }
    if (was && field.type !== "file" && field.value.startsWith(was)) field.value = field.value.slice(was.length).trimStart();
    return field.value !== "";
  }

  // A form that was sent is empty again; one that was refused keeps everything.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig && event.detail.requestConfig.elt;
    // To htmx a refusal (422) is a success, because it is shown.
    if (!event.detail.successful || event.detail.xhr.status >= 400 || !form || !form.dataset.after) return;
    const left = (sent.get(form) || []).map(empty).some(Boolean);
    const open = form.closest("details"), panel = document.getElementById("panel");
    if (form.dataset.after === "reset" && open && !left) open.open = false;
    // Unless something else has been opened there meanwhile.
    if (form.dataset.after === "panel" && panel && panel.contains(form) && !left) panel.replaceChildren();
    end();
  });

  // On a small screen what was asked for may be out of sight.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    // What was pressed is gone: the keyboard goes on here, not behind it.
    if (document.activeElement === document.body) event.detail.target.focus({ preventScroll: true });
    const place = event.detail.target.getBoundingClientRect();
    if (place.top > window.innerHeight * 0.8 || place.top < 0) event.detail.target.scrollIntoView({ block: "center" });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (!event.target.matches("[data-send-with-ctrl-enter]")) return;
    event.preventDefault();
    const button = event.target.form.querySelector("button");
    // While a message is on its way its button is switched off.
    if (!button.matches(":disabled")) event.target.form.requestSubmit(button);
  });

  // Whoever reads the newest message goes on seeing the newest, also when a picture above it has been loaded.
  let atEnd = true;
  function end() {
    const scroll = document.getElementById("scroll");
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
    atEnd = true;
  }
  document.addEventListener("scroll", (event) => {
    const scroll = event.target;
    if (scroll.id === "scroll") atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  }, true);
  document.addEventListener("load", (event) => { if (atEnd && event.target.matches(".picture img")) end(); }, true);

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("#conversation > *, #board > *").forEach(remember);
    if (!location.hash) end();
  });
})();
