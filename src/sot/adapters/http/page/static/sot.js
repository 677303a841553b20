// What makes a page pleasant: times in the reader's zone, and live parts that do not jump. Everything works without it.
(function () {
  "use strict";

  function two(number) { return String(number).padStart(2, "0"); }

  function localText(date, separator) {
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + separator +
      two(date.getHours()) + ":" + two(date.getMinutes()) + ":" + two(date.getSeconds()) + "." +
      String(date.getMilliseconds()).padStart(3, "0");
  }

  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";

  // The server writes times in UTC; the exact one stays in the title and in the attribute.
  function showTimes(root) {
    root.querySelectorAll("time[datetime]").forEach(function (element) {
      var date = new Date(element.getAttribute("datetime"));
      if (!isNaN(date)) { element.textContent = localText(date, " "); }
    });
  }

  // A browser's field for times has no zone: it shows the reader's, and the form sends UTC.
  function showFields(root) {
    root.querySelectorAll("input[data-utc]").forEach(function (input) {
      if (input.value) {
        input.dataset.exact = input.dataset.exact || input.value + "Z";
        input.value = localText(new Date(input.value + "Z"), "T");
        input.dataset.shown = input.value;
      }
      input.closest("label").querySelectorAll(".zone").forEach(function (element) { element.textContent = zone; });
    });
  }

  function sendUtc(event) {
    event.target.querySelectorAll("input[data-utc]").forEach(function (input) {
      if (!input.value) { return; }
      var isSame = input.value === input.dataset.shown;
      event.formData.set(input.name, isSame ? input.dataset.exact : new Date(input.value).toISOString());
    });
  }

  // A live part is swapped as a whole. The row at the top of the window stays where it is.
  var kept = null;

  function keepPlace(region) {
    var rows = Array.prototype.filter.call(region.querySelectorAll("[id]"), function (element) {
      return element.getBoundingClientRect().bottom > 0;
    });
    kept = {
      id: rows.length && window.scrollY > 0 ? rows[0].id : null,
      top: rows.length ? rows[0].getBoundingClientRect().top : 0,
      left: Array.prototype.map.call(region.querySelectorAll(".scroll"), function (part) { return part.scrollLeft; }),
      open: Array.prototype.map.call(region.querySelectorAll("details"), function (part) { return part.open; }),
    };
  }

  function restorePlace(region) {
    if (!kept) { return; }
    region.querySelectorAll(".scroll").forEach(function (part, n) { part.scrollLeft = kept.left[n] || 0; });
    region.querySelectorAll("details").forEach(function (part, n) { part.open = Boolean(kept.open[n]); });
    var row = kept.id && document.getElementById(kept.id);
    if (row) { window.scrollBy(0, row.getBoundingClientRect().top - kept.top); }
    kept = null;
  }

  // Nothing is taken away while its text is being selected.
  var postponed = null;

  function isSelecting(region) {
    var selection = window.getSelection();
    return selection && !selection.isCollapsed && region.contains(selection.anchorNode);
  }

  document.addEventListener("formdata", sendUtc);

  document.addEventListener("htmx:beforeSwap", function (event) {
    var region = event.detail.target;
    if (!region || !region.matches("[data-live]")) { return; }
    if (isSelecting(region)) {
      event.detail.shouldSwap = false;
      postponed = region.id;
    } else {
      keepPlace(region);
    }
  });

  document.addEventListener("selectionchange", function () {
    var region = postponed && document.getElementById(postponed);
    if (region && !isSelecting(region)) {
      postponed = null;
      window.htmx.trigger(region, "sse:changed");
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var region = event.detail.target && document.getElementById(event.detail.target.id);
    if (region) {
      showTimes(region);
      restorePlace(region);
    }
  });

  showTimes(document);
  showFields(document);
})();
