// "/" to ask, j and k through the passages, and the buttons that copy; without this file everything else works as well.
"use strict";
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function step(by) {
  const hits = [...document.querySelectorAll(".hit")];
  if (hits.length === 0) return;
  const at = hits.indexOf(document.activeElement.closest(".hit"));
  const next = hits[Math.min(Math.max(at + by, 0), hits.length - 1)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") {
    const field = document.getElementById("q");
    if (field) field.select();
    else location.assign("/");
  } else return;
  event.preventDefault();
});

async function copy(button) {
  const shown = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(shown.textContent);
  } catch {
    // no clipboard over plain HTTP from another machine: selected, it is copied by hand
    getSelection().selectAllChildren(shown);
    return;
  }
  button.textContent = button.dataset.copied;
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
