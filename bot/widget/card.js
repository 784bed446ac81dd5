/** Cards, which can be copied and printed, and files to fetch. */

import { blocks, button, el, inline } from "./text.js";

const KINDS = {
  emergency: "Emergency: act now",
  same_day: "Act today",
  advice: "Advice",
  review: "Please check",
  draft: "Draft",
  case: "Saved case",
  answer: "Your question",
};
const PRINTED = new Set(["emergency", "same_day", "advice", "draft"]);
const STATES = { done: "Done", current: "You are here", next: "Next", later: "Later" };

function drawStages(stages) {
  const items = stages.map(({ label, title, state, by }) =>
    el(
      "li",
      { class: state, "aria-current": state === "current" ? "step" : null },
      el("span", { class: "stage-label" }, label),
      el("span", { class: "stage-title" }, title),
      el("span", { class: "stage-state" }, STATES[state] ?? state),
      by ? el("span", { class: "stage-by" }, by) : null,
    ),
  );
  const here = stages.find(({ state }) => state === "current");
  const next = stages.find(({ state }) => state === "next");
  const line = [here && `Now: ${here.label}`, next && `next: ${next.label}`].filter(Boolean);
  return el(
    "details",
    { class: "folded" },
    el("summary", {}, line.join(", ") || "All the stages"),
    el("ol", { class: "stages", "aria-label": "Stages of the policy" }, ...items),
  );
}

const place = (source) => source && [source.document, source.section].filter(Boolean).join(", ");

/** A source: one tap away, and never between the lines that stand open. */
const drawSource = (where, folded) =>
  folded
    ? el("p", { class: "source" }, `Source: ${where}`)
    : el("details", { class: "source" }, el("summary", {}, "Source"), el("p", {}, where));

/** A line of a card. Lines in a row with one source show it once, below the last of them. */
function drawItem({ text, detail, source, change, change_title, label }, index, items, act, folded) {
  const where = place(source) === place(items[index + 1]?.source) ? null : place(source);
  return el(
    "li",
    {},
    ...blocks(text),
    change ? button(label || "Change", () => act.send(change, change_title), { class: "plain", "aria-label": change_title }) : null,
    where ? drawSource(where, folded) : null,
    detail
      ? el(
          "details",
          {},
          el("summary", {}, "How this was counted"),
          el("div", { class: "detail" }, ...blocks(detail)),
        )
      : null,
  );
}

/** A section of a card; one that needs nothing done now may be folded under its heading. */
function drawSection({ heading, items, folded }, act) {
  const title = heading ? el("h4", {}, ...inline(heading)) : null;
  const lines = (items ?? []).map((item, i, all) => drawItem(item, i, all, act, folded));
  const list = el("ul", { class: "items", role: "list" }, ...lines);
  return folded && title
    ? el("section", {}, el("details", { class: "folded" }, el("summary", {}, title), list))
    : el("section", {}, title, list);
}

/** Puts text on the clipboard; on plain http, where that is closed, by the older command. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const fill = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  if (!done) throw new Error("copy refused");
}

/** A button that copies `text`, called `what`, and tells whether it is done. */
const copyButton = (what, select, text, tell) =>
  button(`Copy the ${what}`, async () => {
    try {
      await copy(text);
      tell(`The ${what} is copied.`);
    } catch {
      tell(`The ${what} could not be copied. Please select ${select} and copy it.`);
    }
  });

/** Mail programs cut longer links off. */
const LONGEST_LINK = 2000;

/** Text as a mailto link takes it: no more is escaped than has to be. */
const escaped = (text) =>
  encodeURIComponent(text).replace(/%(?:2C|3A|3B|40|24|2F|3F)/g, (code) => decodeURIComponent(code));

/**
 * A link that opens a draft in the person's mail program. Where it would be cut off it carries the
 * addresses and the subject, and the text comes by the clipboard.
 */
function mailLink({ to, cc, subject, body }, tell) {
  const link = (fields) => {
    const given = Object.entries(fields).filter(([, value]) => value);
    const query = given.map(([name, value]) => `${name}=${escaped(value)}`).join("&");
    return `mailto:${(to ?? []).map(escaped).join(",")}?${query}`;
  };
  const fields = { cc: cc?.join(","), subject };
  const whole = link({ ...fields, body: (body ?? "").replaceAll("\n", "\r\n") });
  const fits = whole.length <= LONGEST_LINK;
  const open = el("a", { href: fits ? whole : link(fields) }, "Open in my e-mail");
  if (fits) return el("p", { class: "mail" }, open);
  open.addEventListener("click", () =>
    copy(body).then(
      () => tell("The text is copied. Paste it into the e-mail."),
      () => tell("The text could not be copied. Please select it and copy it into the e-mail."),
    ),
  );
  return el("p", { class: "mail" }, open, " The text is too long for a link: paste it in.");
}

/** A draft to copy; what stands in square brackets is a gap, marked. */
function drawDraft(draft, tell) {
  const { head, subject, body, gaps } = draft;
  const lines = (body ?? "").split("\n").map((line) => {
    const parts = line.split(/(\[[^\]]+\])/);
    return el("p", {}, ...parts.map((part, i) => (i % 2 ? el("mark", {}, part) : part)));
  });
  const text = [subject ? `Subject: ${subject}` : null, body].filter(Boolean).join("\n\n");
  return [
    ...(head ?? []).map((line) => el("p", { class: "subject" }, line)),
    subject ? el("p", { class: "subject" }, el("strong", {}, "Subject: "), subject) : null,
    el("div", { class: "letter" }, ...lines),
    gaps?.length
      ? el(
          "section",
          {},
          el("h4", {}, "Still to fill in"),
          el("ul", {}, ...gaps.map((gap) => el("li", {}, gap))),
        )
      : null,
    copyButton("draft", "the text", text, tell),
    mailLink(draft, tell),
  ];
}

/** A case's code, large and to be copied; where it was shown before, the words that say so. */
function drawCode({ code }, tell) {
  if (!/^\w+(-\w+)+$/.test(code ?? "")) return [el("p", {}, `Your code: ${code ?? ""}`)];
  return [
    el("p", { class: "letter" }, "Your code: ", el("strong", { class: "code" }, code)),
    copyButton("code", "it", code, tell),
  ];
}

/**
 * A card, of which `text` says the same. Its own buttons send, tell and print by `act`; `beside`
 * stands right below its title.
 */
export function drawCard(card, text, act, beside = null) {
  const kind = card.kind in KINDS ? card.kind : "advice";
  return el(
    "div",
    { class: `card ${kind}` },
    // Where the title says the same, it is said once.
    card.title === KINDS[kind] ? null : el("p", { class: "kind" }, KINDS[kind]),
    el("h3", {}, ...inline(card.title ?? "")),
    beside,
    card.stages?.length ? drawStages(card.stages) : null,
    ...(kind === "draft" ? drawDraft(card, act.tell) : []),
    ...(kind === "case" ? drawCode(card, act.tell) : []),
    ...(card.sections ?? []).map((section) => drawSection(section, act)),
    ...(card.footer ? [el("div", { class: "footer" }, ...blocks(card.footer))] : []),
    ...(PRINTED.has(kind)
      ? [
          kind === "draft" ? null : copyButton("advice", "it", text, act.tell),
          button("Print this", (event) => act.print(event.currentTarget), { class: "plain" }),
        ]
      : []),
  );
}

/** A file to fetch. It is asked for with the token, which a link could not carry. */
export const drawFile = ({ title, url }, fetchFile) =>
  el("li", {}, button(title, () => fetchFile(url, title), { class: "file" }));

/** Prints the card around `node` alone, without the page and the other messages. */
export function printCard(node, frame, host) {
  const only = new CSSStyleSheet();
  only.replaceSync(`@media print{body *:not(:has(${host}),${host}){display:none!important}}`);
  document.adoptedStyleSheets.push(only);
  const message = node.closest(".message");
  message.classList.add("printing");
  frame.classList.add("one-card");
  const done = () => {
    const others = document.adoptedStyleSheets.filter((sheet) => sheet !== only);
    document.adoptedStyleSheets = others;
    frame.classList.remove("one-card");
    message.classList.remove("printing");
  };
  window.addEventListener("afterprint", done, { once: true });
  window.print();
}

/** On paper nothing can be opened: how dates were counted is printed. */
export function unfold(scroller) {
  const closed = scroller.querySelectorAll("details:not([open])");
  for (const details of closed) details.open = true;
  const fold = () => closed.forEach((details) => details.removeAttribute("open"));
  window.addEventListener("afterprint", fold, { once: true });
}
