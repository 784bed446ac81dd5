/**
 * The page for frames: its address says what the element's attributes say elsewhere, and the page around
 * it is told how high the guide would be without scrolling, if it may hold the frame at all.
 */

const ALLOWED = ["heading", "partnership", "theme", "accent", "contact", "contact-phone", "contact-email"];

const asked = new URLSearchParams(location.search);
for (const name of ALLOWED.filter((one) => asked.has(one))) {
  document.querySelector("escalation-guide").setAttribute(name, asked.get(name));
}
const ready = new Promise((resolve) => addEventListener("guide-ready", resolve, { once: true }));
// Only now, since a conversation begins with the partnership that is there.
await import("./escalation-guide.js");

/** The origin of the page around the frame, or "" where the browser does not say. */
function around() {
  const origin = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
  return window.parent === window ? "" : origin;
}

/** Whether a site of the guide's list, which may begin with a star, is this origin. */
function fits(site, origin) {
  const [start, end] = site.split("*");
  return end === undefined ? origin === site : origin.startsWith(start) && origin.endsWith(end);
}

function tellHeight(origin) {
  const guide = document.querySelector("escalation-guide").shadowRoot.querySelector(".guide");
  const scroller = guide.querySelector(".scroller");
  const parts = [...scroller.children];
  // Any lower, and the style sheet lets the page scroll, as on a phone.
  const lowest = 37 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  let told = 0;
  const tell = () => {
    const below = parseFloat(getComputedStyle(scroller).paddingBottom);
    const content = Math.max(...parts.map((part) => part.offsetTop + part.offsetHeight)) + below;
    const height = Math.ceil(Math.max(guide.offsetHeight - scroller.clientHeight + content, lowest));
    if (height === told) return;
    told = height;
    window.parent.postMessage({ type: "escalation-guide-height", height }, origin);
  };
  const observer = new ResizeObserver(tell);
  for (const part of [guide, scroller, ...parts]) observer.observe(part);
}

const sites = document.querySelector("meta[name=frames]").content.split(" ").filter(Boolean);
const origin = around();
if (origin && [location.origin, ...sites].some((site) => fits(site, origin))) {
  // An empty guide would make the frame small for a moment.
  await ready;
  tellHeight(origin);
}
