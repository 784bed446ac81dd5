/** The page for frames: its address says what the element's attributes say elsewhere. */

const ALLOWED = ["heading", "partnership", "theme", "accent", "contact", "contact-phone", "contact-email"];

const asked = new URLSearchParams(location.search);
for (const name of ALLOWED.filter((one) => asked.has(one))) {
  document.querySelector("escalation-guide").setAttribute(name, asked.get(name));
}
// Only now, since a conversation begins with the partnership that is there.
await import("./escalation-guide.js");
