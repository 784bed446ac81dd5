/** The page that shows each attribute: the choices become attributes of a guide, and lines. */

const form = document.getElementById("choices");
const place = document.getElementById("place");
const EVENTS = ["ready", "open", "close", "urgent", "problem", "deleted", "exit"];
/** What is only read when a conversation begins. */
const AT_THE_BEGINNING = new Set(["partnership"]);
/** What the page shows where the guide cannot load. */
const WITHOUT = `  <p><strong>If a child is in danger now, call 999.</strong> The guide has not loaded.
  If you are worried about harm today, do not wait for it: tell your designated
  safeguarding lead, or ring [your children's social care, and its number].</p>`;

function chosen() {
  return [...new FormData(form)].filter(([, value]) => value);
}

function write() {
  const quoted = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const attributes = chosen().map(([name, value]) => `\n  ${name}="${quoted(value)}"`);
  document.getElementById("lines").textContent =
    `<script type="module" src="${location.origin}/widget/escalation-guide.js"></script>\n` +
    `<escalation-guide${attributes.join("")}\n>\n${WITHOUT}\n</escalation-guide>`;
}

function dress(guide) {
  const wanted = new Map(chosen());
  for (const name of [...form.elements].map((element) => element.name)) {
    if (wanted.has(name)) guide.setAttribute(name, wanted.get(name));
    else guide.removeAttribute(name);
  }
}

function begin() {
  const guide = document.createElement("escalation-guide");
  dress(guide);
  place.replaceChildren(guide);
}

form.addEventListener("change", ({ target }) => {
  write();
  if (AT_THE_BEGINNING.has(target.name)) {
    sessionStorage.removeItem("escalation-guide");
    begin();
  } else {
    dress(place.firstElementChild);
  }
});
form.addEventListener("submit", (event) => event.preventDefault());

for (const name of EVENTS) {
  document.addEventListener(`guide-${name}`, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `guide-${name} ${detail ? JSON.stringify(detail) : ""}`.trim();
    document.getElementById("events").prepend(line);
  });
}

write();
begin();
