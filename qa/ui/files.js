// What the page does by itself, last part: files out, and files in.

// -- copying, saving ----------------------------------------------------------------------------------------------------

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(words.copied);
  } catch {
    say(words.notCopied); // a page that came over plain HTTP from another machine may not
  }
}

async function save(button) {
  const menu = button.closest("details");
  menu.open = false;
  find("summary", menu).focus();
  say(words.writing);
  const whole = "whole" in button.dataset;
  const file = await call("export", {
    format: button.dataset.export,
    conversation: whole ? conversation() : "",
    answer: whole ? "" : button.closest("[data-answer]").dataset.answer,
  });
  if (!file) return;
  const bytes = Uint8Array.from(atob(file.data), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.mime }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(words.exported.replace("{name}", file.name));
}

// -- files in: chosen, or dropped wherever there is room -----------------------------------------------------------------

// Of the zones that take files, the one in view: each tab that adds has its own.
const zone = () => all("#shelf-drop input[type=file], #drop input[type=file]").find((one) => one.parentElement.checkVisibility());

// A zone that has just been told something new may be gone for a moment.
function choose(tries = 20) {
  const input = zone();
  if (input) input.click();
  else if (tries) setTimeout(choose, 100, tries - 1);
}

const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
const onZone = (event) => event.target.closest && event.target.closest("#drop, #shelf-drop");
const dragging = (on) => document.body.classList.toggle("qa-dragging", on && Boolean(zone()));

// Without this, a file that misses the zone by an inch takes the place of the page.
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  dragging(!onZone(event));
  event.preventDefault();
});
document.addEventListener("dragleave", (event) => event.relatedTarget || dragging(false));
document.addEventListener("drop", (event) => {
  dragging(false);
  if (!carriesFiles(event) || onZone(event)) return;
  event.preventDefault();
  const input = zone();
  if (!input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
