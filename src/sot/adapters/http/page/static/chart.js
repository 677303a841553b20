// Charts of results: net and drawdown over time. The table beside each chart has the same figures.
(function () {
  "use strict";

  if (!window.uPlot) { return; }

  var HEIGHT = 260;

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

  function draw(element) {
    var data = JSON.parse(element.getAttribute("data-chart"));
    element.replaceChildren();
    return new uPlot(options(data, element), [data.at, data.net, data.drawdown], element);
  }

  document.querySelectorAll("[data-chart]").forEach(function (element) {
    var chart = draw(element);
    var width = element.clientWidth;
    new ResizeObserver(function () {
      if (element.clientWidth === width) { return; }
      width = element.clientWidth;
      chart.setSize({ width: width, height: HEIGHT });
    }).observe(element);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { chart = draw(element); });
  });
})();
