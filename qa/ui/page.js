// What the page does by itself, second part: verdicts, questions, clicks, keys, and what is in view.

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
  "[data-reveal]": reveal,
  "[data-choose]": () => choose(),
  "[data-dot]": (dot) => {
    const title = find(`[data-hit="${dot.dataset.dot}"] .qa-open`, dot.closest(".qa-map"));
    if (title) open(title);
  },
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
  const asking = find("#conversation").checkVisibility() ? find("#conversation") : document.body;
  const within = panel.open && panel.contains(document.activeElement) ? panel : asking;
  const stops = all(".qa-open", within).filter((node) => node.checkVisibility());
  const at = stops.indexOf(document.activeElement);
  const newest = all(".qa-turn").at(-1);
  const first = stops.findIndex((node) => within === panel || (newest && newest.contains(node)));
  const next = stops[at < 0 ? Math.max(first, 0) : at + by];
  if (next) next.focus();
}

// From wherever somebody is, also from another tab: that of the questions is the first.
function ask() {
  close();
  if (!question().checkVisibility()) find('#tabs [role="tab"]').click();
  requestAnimationFrame(() => setTimeout(() => question().focus()));
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
  const act = { "/": ask, "?": () => help.showModal(), ArrowDown: () => step(1), ArrowUp: () => step(-1) };
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
let noted = null;
function follow() {
  restore();
  settle();
  const question = all("#now .qa-question").at(-1);
  if (question && question !== asked) question.scrollIntoView({ block: "start" });
  asked = question;
  const note = all("#now .qa-note:not(.qa-pending)").at(-1); // why there is no answer: below a long conversation, too
  if (note && note !== noted) note.scrollIntoView({ block: "nearest" });
  noted = note;
}

// Gradio draws the conversation when it likes, also after this ran: what it has drawn is looked at when it is there.
const drawn = { childList: true, subtree: true, attributeFilter: ["data-conversation", "data-answer"] };
new MutationObserver(follow).observe(document.body, drawn);
follow();
