// What the page does by itself, first part: what the rest leans on, and the side panel. The parts (ask_parts.SCRIPTS) are
// one script: Gradio runs it once, as the body of a function of (element, trigger, props, server, upload, watch); `words`
// stands before it. Markup comes from the server, where every text in it was made harmless; nothing here makes any.

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

async function show(place, cite = false) {
  const shown = await call("show", place);
  if (!shown) {
    if (opener && !panel.open) opener.removeAttribute("aria-expanded"); // nothing opened
    return;
  }
  trail.push(place);
  panelBody.innerHTML = shown.html;
  panelBody.dataset.answer = place.answer;
  find("[data-back]", panel).hidden = trail.length < 2;
  if (!panel.open) narrow() ? panel.showModal() : panel.show();
  document.body.classList.add("qa-with-panel");
  const mark = find("mark", panelBody);
  const citing = cite && find(".qa-cite", panelBody);
  panel.scrollTop = 0;
  if (citing) citing.open = true;
  if (citing) citing.scrollIntoView({ block: "start" });
  else if (mark) mark.scrollIntoView({ block: "center" });
  if (opener) opener.scrollIntoView({ block: "nearest" }); // the conversation has become narrower
  (citing ? find("summary", citing) : panelBody).focus({ preventScroll: true });
  const more = await call("around", place);
  const around = find(".qa-around", panelBody);
  if (around && trail.at(-1) === place) more ? (around.innerHTML = more.html) : around.remove();
}

function open(node, cite = false) {
  if (!panel.contains(node)) {
    opener = node;
    node.focus({ preventScroll: true }); // where the panel's closing leads back to
    trail.length = 0;
    all(".qa-open[aria-expanded]").forEach((other) => other.removeAttribute("aria-expanded"));
    node.setAttribute("aria-expanded", "true");
  }
  show(placeOf(node), cite);
}

// The buttons below a sentence do what it does itself, for whoever does not think of clicking it.
function reveal(button) {
  open(find(".qa-sentence .qa-open", button.closest(".qa-citation")), button.dataset.reveal === "cite");
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
