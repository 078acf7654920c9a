"use strict";
(function () {
  const told = JSON.parse(document.getElementById("bilateral-figures").textContent);
  document.querySelectorAll("[data-figure]").forEach((place) => {
    const figure = told.figures[place.dataset.figure];
    window.Plotly.newPlot(place, figure.data, figure.layout, told.config);
  });
})();
