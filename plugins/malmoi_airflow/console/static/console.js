// Draws every element that holds a Plotly figure in data-figure, in the colours of the page, also when those change.
document.addEventListener("DOMContentLoaded", () => {
  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const [ink, line, page] = ["--ink", "--line", "--page"].map((name) => style.getPropertyValue(name).trim());
    const axes = ["xaxis", "yaxis"].flatMap((axis) => [[`${axis}.gridcolor`, line], [`${axis}.zerolinecolor`, line]]);
    return { "font.color": ink, "hoverlabel.bgcolor": page, "hoverlabel.font.color": ink, ...Object.fromEntries(axes) };
  };
  const places = [...document.querySelectorAll("[data-figure]")];
  const paint = (place) => Plotly.relayout(place, colours());
  for (const place of places) {
    const figure = JSON.parse(place.dataset.figure);
    Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true }).then(paint);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => places.forEach(paint));
});
