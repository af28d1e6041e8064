"use strict";
// Forms and links do everything; what stands here only saves mistakes.
document.addEventListener("submit", (event) => {
  // A button's own question before its form's.
  const question = (event.submitter && event.submitter.dataset.ask) || event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
}, true);
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target instanceof Element && event.target.closest(".drop");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind === "drop") place.querySelector("input[type=file]").files = event.dataTransfer.files;
  });
}
// A page that answers a form stands under its own address, so that loading it again sends nothing again.
{
  const here = document.querySelector("[data-here]");
  if (here && location.pathname !== here.dataset.here) history.replaceState(null, "", here.dataset.here);
}
// What is offered for a text goes into it when somebody asks for it, behind what stands there already.
for (const button of document.querySelectorAll("[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = button.form.elements.answer, stands = text.value.trim().replace(/[；。]$/, "");
    text.value = stands ? `${stands}；${button.dataset.fill}` : button.dataset.fill;
    text.focus();
  });
}
// A list to be handed on goes to the clipboard as a whole.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = button.parentElement.querySelector("textarea");
  button.hidden = false;
  button.addEventListener("click", () => {
    text.select();
    // The clipboard of the newer sort is there on https only; an office's own server may be without.
    if (document.execCommand("copy")) button.textContent = "已复制";
  });
}
// One box ticks all of a list, also of one that was loaded since.
const all = () => document.querySelectorAll("[data-all]").forEach((box) => { box.hidden = false; });
all();
document.addEventListener("htmx:afterSwap", all);
document.addEventListener("change", (event) => {
  const name = event.target instanceof Element && event.target.dataset.all;
  if (!name) return;
  for (const box of document.querySelectorAll(`input[name="${name}"]`)) box.checked = event.target.checked;
});
// A list that loads itself again waits while something on it is ticked.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.querySelector && event.target.querySelector("input:checked")) event.preventDefault();
});
