// The drawings on the page are complete without this; where scripts run, they become interactive.
for (const figure of document.querySelectorAll("figure[data-specification]")) {
  const drawing = figure.querySelector(".drawing");
  const specification = JSON.parse(document.getElementById(figure.dataset.specification).textContent);
  const box = document.createElement("div");
  window.vegaEmbed(box, specification, { actions: false, renderer: "svg" }).then(
    () => { drawing.replaceChildren(box); },
    () => { box.remove(); },
  );
}
