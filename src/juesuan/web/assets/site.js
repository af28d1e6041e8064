"use strict";
// Forms and links do everything; what stands here only saves mistakes.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
}, true);
