// Draws every element that holds a Plotly figure in data-figure, in the colours of the page.
document.addEventListener("DOMContentLoaded", () => {
  const ink = getComputedStyle(document.body).color;
  for (const place of document.querySelectorAll("[data-figure]")) {
    const figure = JSON.parse(place.dataset.figure);
    figure.layout.font = { color: ink };
    Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
});
