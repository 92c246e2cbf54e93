// What the page does by itself: the side panel, the keys, menus, copying. Gradio runs this once, as the body of a
// function of (element, trigger, props, server, upload, watch); `words` stands before it. Markup comes from the server,
// where every text in it was made harmless; nothing here makes markup of its own.

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const panel = find("#qa-panel", element);
const panelBody = find("#qa-panel-body", element);
const help = find("#qa-help", element);
const naming = find("#qa-naming", element);
const told = find("#qa-told", element);
const trail = []; // the places that the panel has shown, the present one last
let opener = null; // where the focus goes back to

// -- saying, asking the server ------------------------------------------------------------------------------------------

let silence = 0;
function say(text, unseen = false) {
  told.classList.toggle("qa-hidden", unseen);
  told.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (told.textContent = ""), 5000);
}

async function call(name, given) {
  let answer;
  try {
    answer = await server[name]({ library: library(), ...given });
  } catch {
    answer = { problem: words.lost };
  }
  if (answer && !answer.problem) return answer;
  say(answer ? answer.problem : words.lost);
  return null;
}

// -- the side panel -----------------------------------------------------------------------------------------------------

function placeOf(node) {
  const { record, field, start, end } = node.dataset;
  const turn = node.closest("[data-answer]");
  return { answer: turn ? turn.dataset.answer : "", record, field, start: Number(start), end: Number(end) };
}

async function show(place) {
  const shown = await call("show", place);
  if (!shown) return;
  trail.push(place);
  panelBody.innerHTML = shown.html;
  panelBody.dataset.answer = place.answer;
  find("[data-back]", panel).hidden = trail.length < 2;
  if (!panel.open) narrow() ? panel.showModal() : panel.show();
  document.body.classList.add("qa-with-panel");
  const mark = find("mark", panelBody);
  panel.scrollTop = 0;
  if (mark) mark.scrollIntoView({ block: "center" });
  if (opener) opener.scrollIntoView({ block: "nearest" }); // the conversation has become narrower
  panelBody.focus({ preventScroll: true });
  const more = await call("around", place);
  const around = find(".qa-around", panelBody);
  if (around && trail.at(-1) === place) more ? (around.innerHTML = more.html) : around.remove();
}

function open(node) {
  if (!panel.contains(node)) {
    opener = node;
    trail.length = 0;
    all(".qa-open[aria-expanded]").forEach((other) => other.removeAttribute("aria-expanded"));
    node.setAttribute("aria-expanded", "true");
  }
  show(placeOf(node));
}

function back() {
  trail.pop();
  show(trail.pop());
}

function close() {
  if (panel.open) panel.close();
}

panel.addEventListener("close", () => {
  document.body.classList.remove("qa-with-panel");
  trail.length = 0;
  if (!opener) return;
  opener.removeAttribute("aria-expanded");
  // The event comes a little later than the closing: somebody may have moved on by then.
  const on = document.activeElement;
  if (opener.isConnected && (!on || on === document.body || panel.contains(on))) opener.focus();
  opener = null;
});

const narrow = () => matchMedia("(max-width: 860px)").matches;

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

// -- verdicts, questions, conversations -----------------------------------------------------------------------------------

async function judge(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  const verdict = pressed ? null : button.dataset.verdict;
  if (!(await call("judge", { ...placeOf(button), verdict }))) return;
  for (const other of all("[data-verdict]", button.parentElement))
    other.setAttribute("aria-pressed", String(other === button && !pressed));
  say(pressed ? words.unjudged : words.judged);
}

const question = () => find("#question textarea");

function edit(text) {
  const box = question();
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.select();
}

// In a dialog of its own, since the list may be drawn anew at any moment.
function rename(button) {
  const item = button.closest("[data-talk]");
  naming.dataset.of = item.dataset.talk;
  find("input", naming).value = find(".qa-talk-title", item).textContent;
  naming.showModal();
  find("input", naming).select();
}

find("form", naming).addEventListener("submit", (event) => {
  const title = find("input", naming).value;
  if (event.submitter.value === "save" && title.trim()) trigger("retitle", { id: naming.dataset.of, title });
});

function discard(button) {
  if (button.dataset.delete !== "sure") {
    const before = button.textContent;
    button.dataset.delete = "sure";
    button.textContent = words.sure;
    const calm = () => {
      button.dataset.delete = "";
      button.textContent = before;
    };
    button.addEventListener("blur", calm, { once: true });
    return;
  }
  trigger("discard", { id: button.closest("[data-talk]").dataset.talk });
}

// -- what is clicked ------------------------------------------------------------------------------------------------------

const clicks = {
  ".qa-open": (node) => String(getSelection()) === "" && open(node),
  "[data-close]": close,
  "[data-back]": back,
  "[data-copy]": (node) => copy(find("pre", node.closest(".qa-style")).textContent),
  "[data-link]": (node) => copy(address("a", node.closest("[data-answer]").dataset.answer)),
  "[data-export]": save,
  "[data-verdict]": judge,
  "[data-edit]": (node) => edit(node.dataset.edit),
  "[data-loosen]": (node) => trigger("loosen", JSON.parse(node.dataset.loosen)),
  "[data-reopen]": (node) => trigger("reopen", { id: node.closest("[data-talk]").dataset.talk }),
  "[data-rename]": rename,
  "[data-delete]": discard,
};

document.addEventListener("click", (event) => {
  for (const menu of all(".qa-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  for (const [selector, act] of Object.entries(clicks)) {
    const node = event.target.closest && event.target.closest(selector);
    if (node) return act(node);
  }
});

// -- keys -----------------------------------------------------------------------------------------------------------------

function step(by) {
  const within = panel.open && panel.contains(document.activeElement) ? panel : find("#conversation");
  const stops = all(".qa-open", within).filter((node) => node.checkVisibility());
  const at = stops.indexOf(document.activeElement);
  const newest = all(".qa-turn").at(-1);
  const first = stops.findIndex((node) => within === panel || (newest && newest.contains(node)));
  const next = stops[at < 0 ? Math.max(first, 0) : at + by];
  if (next) next.focus();
}

const ownArrows = "input, textarea, select, [contenteditable], [role=tab], [role=listbox], [role=option], pre";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (event.key === "Escape") {
    const menu = find(".qa-menu[open]");
    if (menu) menu.open = false;
    else if (!help.open && !naming.open) close();
    return;
  }
  if (at.matches(".qa-open") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return open(at);
  }
  if (at.matches(ownArrows)) return;
  const act = { "/": () => (close(), question().focus()), "?": () => help.showModal(), ArrowDown: () => step(1), ArrowUp: () => step(-1) };
  if (!act[event.key] || help.open || naming.open) return;
  event.preventDefault();
  act[event.key]();
});

// -- what was typed and not answered outlasts a reload, also the one after the server was started again ---------------------

const draft = "qa-draft";
addEventListener("pagehide", () => {
  const asked = find("#now .qa-pending") && find("#now .qa-question");
  const text = question().value || (asked ? asked.textContent : "");
  text ? sessionStorage.setItem(draft, text) : sessionStorage.removeItem(draft);
});

function restore() {
  const text = sessionStorage.getItem(draft);
  if (!text || !find("#status .qa-holds")) return; // not before the server has answered: Gradio empties the box once more
  sessionStorage.removeItem(draft);
  if (question().value) return;
  question().value = text;
  question().dispatchEvent(new Event("input", { bubbles: true }));
}

// -- the address, and what is in view ---------------------------------------------------------------------------------------

const turns = () => find("#turns .qa-turns");
const conversation = () => (turns() ? turns().dataset.conversation : "");
const library = () => (turns() ? turns().dataset.library : "");

function address(name, value) {
  const here = new URL(location.href);
  here.searchParams.delete("a");
  here.searchParams.delete("c");
  if (value) here.searchParams.set(name, value);
  return here.href;
}

let seen = { conversation: "", count: 0 };
function settle() {
  const shown = all("#turns .qa-turn");
  const here = conversation();
  if (here === seen.conversation && shown.length === seen.count) return;
  const added = here && shown.length > 0 && (here === seen.conversation || (seen.count === 0 && shown.length === 1));
  seen = { conversation: here, count: shown.length };
  history.replaceState(history.state, "", address("c", here));
  const wanted = turns() && turns().dataset.show;
  const target = (wanted && shown.find((turn) => turn.dataset.answer === wanted)) || shown.at(-1);
  if (target) target.scrollIntoView({ block: "start" });
  if (target && added) say(target.dataset.said, true);
  if (!here) close();
}

let asked = null;
function follow() {
  restore();
  settle();
  const question = all("#now .qa-question").at(-1);
  if (question && question !== asked) question.scrollIntoView({ block: "start" });
  asked = question;
}

// Gradio draws the conversation when it likes, also after this ran: what it has drawn is looked at when it is there.
const drawn = { childList: true, subtree: true, attributeFilter: ["data-conversation", "data-answer"] };
new MutationObserver(follow).observe(document.body, drawn);
follow();
