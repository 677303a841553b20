// Charts of results: net and drawdown over time. The table beside each chart has the same figures.
(function () {
  "use strict";

  if (!window.uPlot) { return; }

  var HEIGHT = 260;
  var shown = [];

  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function options(data, element) {
    var axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
    var stepped = uPlot.paths.stepped({ align: 1 });
    return {
      width: element.clientWidth,
      height: HEIGHT,
      tzDate: function (seconds) { return uPlot.tzDate(new Date(seconds * 1000), data.zone); },
      axes: [axis, Object.assign({ size: 80 }, axis)],
      series: [
        { label: "Time, " + data.zone },
        { label: "Net, " + data.currency, stroke: color("--link"), width: 2, paths: stepped, points: { show: data.at.length < 2 } },
        { label: "Drawdown, " + data.currency, stroke: color("--wrong"), fill: color("--wrong") + "33", width: 1, paths: stepped, points: { show: false } },
      ],
    };
  }

  function Chart(element) {
    this.element = element;
    this.data = JSON.parse(element.getAttribute("data-chart"));
    this.width = element.clientWidth;
    this.draw();
    this.observer = new ResizeObserver(this.fit.bind(this));
    this.observer.observe(element);
  }

  Chart.prototype.draw = function () {
    var zoom = this.plot && this.zoom();
    this.element.replaceChildren();
    this.plot = new uPlot(options(this.data, this.element), [this.data.at, this.data.net, this.data.drawdown], this.element);
    if (zoom) { this.plot.setScale("x", zoom); }
  };

  Chart.prototype.fit = function () {
    if (this.element.clientWidth === this.width) { return; }
    this.width = this.element.clientWidth;
    this.plot.setSize({ width: this.width, height: HEIGHT });
  };

  // The part of its time that a reader has chosen to see; null for all of it.
  Chart.prototype.zoom = function () {
    var at = this.data.at, scale = this.plot.scales.x;
    return scale.min > at[0] || scale.max < at[at.length - 1] ? { min: scale.min, max: scale.max } : null;
  };

  // A chart that was read again stands where it stood, shows what it showed, and is as high from the beginning.
  Chart.prototype.follow = function (before) {
    var zoom = before.zoom();
    this.element.style.minHeight = before.height + "px";
    if (zoom) { this.plot.setScale("x", zoom); }
  };

  function drawNew() {
    var before = shown, elements = Array.from(document.querySelectorAll("[data-chart]"));
    if (elements.every(function (element) { return before.some(function (one) { return one.element === element; }); })) {
      return;
    }
    before.forEach(function (chart) { chart.observer.disconnect(); });
    shown = elements.map(function (element) { return new Chart(element); });
    shown.forEach(function (chart) {
      var same = before.find(function (one) { return one.data.currency === chart.data.currency; });
      if (same) { chart.follow(same); }
    });
  }

  drawNew();
  document.addEventListener("htmx:beforeSwap", function () {
    shown.forEach(function (chart) { chart.height = chart.element.offsetHeight; });
  });
  document.addEventListener("htmx:afterSwap", drawNew);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
    shown.forEach(function (chart) { chart.draw(); });
  });
})();
