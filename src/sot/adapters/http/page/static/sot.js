// What makes a page pleasant: times in the reader's zone, and live parts that do not jump. Everything works without it.
(function () {
  "use strict";

  function all(root, selector) { return Array.from(root.querySelectorAll(selector)); }
  function each(root, selector, act) { all(root, selector).forEach(act); }
  function two(number) { return String(number).padStart(2, "0"); }

  // ------------------------------------------------------------------------------------------------------------- times

  function localText(date, separator, isToTheSecond) {
    var text = date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + separator +
      two(date.getHours()) + ":" + two(date.getMinutes()) + ":" + two(date.getSeconds());
    return isToTheSecond ? text : text + "." + String(date.getMilliseconds()).padStart(3, "0");
  }

  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";

  // The server writes times in UTC; the exact one stays in the title and in the attribute.
  function showTimes(root) {
    each(root, "time[datetime]", function (element) {
      var date = new Date(element.getAttribute("datetime"));
      if (!isNaN(date)) { element.textContent = localText(date, " ", element.hasAttribute("data-seconds")); }
    });
  }

  // A browser's field for times has no zone: it shows the reader's, and the form sends UTC.
  function showFields(root) {
    each(root, "input[data-utc]", function (input) {
      if (input.value) {
        input.dataset.exact = input.dataset.exact || input.value + "Z";
        input.value = localText(new Date(input.value + "Z"), "T");
        input.dataset.shown = input.value;
      }
      each(input.closest("label"), ".zone", function (element) { element.textContent = zone; });
    });
  }

  // Fields that are empty stay out of the address.
  function sendForm(event) {
    each(event.target, "input[data-utc]", function (input) {
      if (!input.value) { return; }
      var isSame = input.value === input.dataset.shown;
      event.formData.set(input.name, isSame ? input.dataset.exact : new Date(input.value).toISOString());
    });
    if (event.target.method !== "get") { return; }
    Array.from(event.formData.entries()).forEach(function (entry) {
      if (entry[1] === "") { event.formData.delete(entry[0]); }
    });
  }

  // -------------------------------------------------------------------------------------------------------- live parts

  function refresh(region) { window.htmx.trigger(region, "sse:changed"); }

  // Nothing is taken away while its text is being selected, or while a form in it is being filled in.
  var postponed = null;

  function isChanged(field) {
    if (field.matches("select")) {
      return Array.from(field.options).some(function (one) { return one.selected !== one.defaultSelected; });
    }
    return field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked
      : field.value !== field.defaultValue;
  }

  function isInUse(region) {
    var selection = window.getSelection();
    var isSelecting = selection && !selection.isCollapsed && region.contains(selection.anchorNode);
    return isSelecting || Boolean(region.querySelector("dialog[open]")) ||
      all(region, "input:not([type=hidden]), textarea, select").some(isChanged);
  }

  function refreshPostponed() {
    var region = postponed && document.getElementById(postponed);
    if (region && !isInUse(region)) {
      postponed = null;
      refresh(region);
    }
  }

  // The content of a live part is swapped as a whole. The row at the top of the window stays where it is, what has the
  // focus keeps it, and rows that are new or changed are marked for a moment.
  var kept = null;
  var FOCUSABLE = "a[href], button, summary, input, select, textarea, [tabindex]";

  function keepPlace(region) {
    var top = all(region, "[id]").find(function (element) { return element.getBoundingClientRect().bottom > 0; });
    var texts = {};
    each(region, "tr[id]", function (row) { texts[row.id] = row.textContent; });
    kept = {
      id: top && window.scrollY > 0 ? top.id : null,
      top: top ? top.getBoundingClientRect().top : 0,
      left: all(region, ".scroll, .moments").map(function (part) { return part.scrollLeft; }),
      open: all(region, "details").map(function (part) { return part.open; }),
      texts: texts,
      focus: placeOfFocus(region),
    };
  }

  function placeOfFocus(region) {
    var active = document.activeElement;
    var near = active && active !== region && region.contains(active) ? active.closest("[id]") : null;
    if (!near) { return null; }
    return { id: near.id, number: active === near ? -1 : all(near, FOCUSABLE).indexOf(active) };
  }

  function restoreFocus(focus) {
    var near = focus && document.getElementById(focus.id);
    var element = near && (focus.number < 0 ? near : all(near, FOCUSABLE)[focus.number]);
    if (element) { element.focus({ preventScroll: true }); }
  }

  function restorePlace(region) {
    if (!kept) { return; }
    each(region, "details", function (part, n) { part.open = Boolean(kept.open[n]); });
    each(region, ".scroll, .moments", function (part, n) {
      if (kept.left[n]) { part.scrollLeft = kept.left[n]; } // only then: it makes the browser lay the page out at once
    });
    restoreFocus(kept.focus);
    var row = kept.id && document.getElementById(kept.id);
    if (row) { window.scrollBy(0, row.getBoundingClientRect().top - kept.top); }
  }

  // htmx sets the attributes of elements that were there before once more, a moment after it swapped them.
  function markFresh(region) {
    if (!kept) { return; }
    each(region, "tr[id]", function (row) {
      if (kept.texts[row.id] !== row.textContent) { row.classList.add("fresh"); }
    });
    kept = null;
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    var region = event.detail.target;
    if (!region || !region.matches("[data-live]")) { return; }
    if (isInUse(region)) {
      event.detail.shouldSwap = false;
      postponed = region.id;
    } else if (event.detail.shouldSwap) {
      keepPlace(region);
      region.replaceChildren(); // htmx would announce the end of each element, which takes longer than all the rest
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    showTimes(event.detail.target);
    restorePlace(event.detail.target);
  });

  document.addEventListener("htmx:afterSettle", function (event) { markFresh(event.detail.target); });

  ["selectionchange", "input", "focusout"].forEach(function (name) { document.addEventListener(name, refreshPostponed); });

  // A part that takes long to read has pauses: of some seconds, and of four times as long as it took to read.
  var PAUSE_PER_READING = 4;
  var readings = {};

  document.addEventListener("htmx:beforeRequest", function (event) {
    var region = event.detail.elt, now = performance.now();
    if (!region.matches("[data-pause]")) { return; }
    var reading = readings[region.id] = readings[region.id] || { began: 0, next: 0, timer: null };
    if (now >= reading.next) {
      reading.began = now;
      return;
    }
    event.preventDefault();
    reading.timer = reading.timer || window.setTimeout(function () {
      reading.timer = null;
      refresh(region);
    }, reading.next - now);
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    var region = event.detail.elt, now = performance.now();
    if (!region.matches("[data-pause]")) { return; }
    var reading = readings[region.id];
    reading.next = now + Math.max(Number(region.dataset.pause) * 1000, PAUSE_PER_READING * (now - reading.began));
  });

  // -------------------------------------------------------------------------------------------------------- the stream

  // Whoever looks at a live page can see whether it is. A stream that ends comes back within a second or two.
  var lost = null;

  function showState(text, isLost) {
    each(document, ".live-state", function (element) {
      if (element.textContent !== text) { element.textContent = text; }
      element.classList.toggle("lost", isLost);
    });
  }

  function showOpen() {
    window.clearTimeout(lost);
    lost = null;
    showState("live", false);
  }

  function showLost() {
    lost = lost || window.setTimeout(function () { showState("not live: the server does not answer", true); }, 4000);
  }

  // A browser opens few connections to one server, and each stream holds one: a page that nobody sees gives its own back,
  // and goes on from where it was.
  function LiveSource(address) {
    var self = this, listeners = [], source = null, last = null, isClosed = false;

    function open() {
      var url = new URL(address, window.location.href);
      if (last) { url.searchParams.set("after", last); }
      source = new EventSource(url);
      source.onopen = function (event) {
        showOpen();
        if (self.onopen) { self.onopen(event); }
      };
      source.onerror = function (event) {
        showLost();
        if (self.readyState !== EventSource.CLOSED) { return; }
        document.removeEventListener("visibilitychange", follow);
        if (self.onerror) { self.onerror(event); }
        each(document, "[data-live]", refresh); // leads to the log-in, if the session ended
      };
      source.addEventListener("changed", function (event) { last = event.lastEventId; });
      listeners.forEach(function (one) { source.addEventListener(one[0], one[1]); });
    }

    function follow() {
      if (document.hidden) { source.close(); } else if (!isClosed && source.readyState === EventSource.CLOSED) { open(); }
    }

    this.addEventListener = function (name, act) {
      listeners.push([name, act]);
      source.addEventListener(name, act);
    };
    this.removeEventListener = function (name, act) {
      listeners = listeners.filter(function (one) { return one[0] !== name || one[1] !== act; });
      source.removeEventListener(name, act);
    };
    this.close = function () {
      isClosed = true;
      document.removeEventListener("visibilitychange", follow);
      source.close();
    };
    Object.defineProperty(this, "readyState", { get: function () { return source.readyState; } });
    document.addEventListener("visibilitychange", follow);
    open();
    follow();
  }

  window.htmx.createEventSource = function (address) { return new LiveSource(address); };

  // What failed to be read again is old.
  ["htmx:responseError", "htmx:sendError"].forEach(function (name) {
    document.addEventListener(name, function () { showState("not live: the server does not answer", true); });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && !lost) { showState("live", false); }
  });

  // A page that a browser kept for its back button is old, and its form may differ from its address.
  window.addEventListener("pageshow", function (event) { if (event.persisted) { window.location.reload(); } });

  document.addEventListener("formdata", sendForm);
  showTimes(document);
  showFields(document);
})();
