// News from the server, for whatever names it in hx-trigger ("sse:change"). Without it pages look again every minute.
(() => {
  "use strict";

  const LONGEST_PAUSE = 60000;
  const place = document.querySelector("[data-events]");
  if (!place) return;
  let source = null, timer = 0, pause = 500;

  function close() {
    window.clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  function open() {
    close();
    source = new EventSource(place.dataset.events);
    place.querySelectorAll("[hx-trigger*='sse:']").forEach((element) => {
      for (const [trigger, name] of element.getAttribute("hx-trigger").matchAll(/sse:([\w-]+)/g)) {
        source.addEventListener(name, () => htmx.trigger(element, trigger));
      }
    });
    source.onopen = () => { pause = 500; };
    source.onerror = () => {
      // A connection that broke is made again by the browser; an answer of another kind is not asked for again.
      if (source.readyState !== EventSource.CLOSED) return;
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      timer = window.setTimeout(open, pause);
    };
  }

  // Without HTTP/2 all pages of a browser share six connections to the desk: one that nobody sees gives its own back.
  // Whoever comes again is told to look at everything.
  function follow() {
    if (document.hidden) close();
    else if (!source) open();
  }
  document.addEventListener("visibilitychange", follow);
  document.addEventListener("DOMContentLoaded", follow);
})();
