/** Text as elements. Nothing parses markup, so that a page can demand Trusted Types. */

/** An element; attributes that are null or false are left out, children that are null too. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** A button; its label is text, or a list of nodes. */
export function button(label, onClick, attributes = {}) {
  const node = el("button", { type: "button", ...attributes }, ...[label].flat());
  node.addEventListener("click", onClick);
  return node;
}

/** One line of the guide's text as nodes: **bold** is strong, and 999 can be dialled. */
export function inline(text) {
  const nodes = [];
  let from = 0;
  // Digits on either side mean that 999 is part of a longer telephone number.
  for (const found of text.matchAll(/\*\*(.+?)\*\*|(?<!\d[ -]?)\b999\b(?![ -]?\d)/g)) {
    nodes.push(text.slice(from, found.index));
    nodes.push(
      found[1] ? el("strong", {}, ...inline(found[1])) : el("a", { href: "tel:999" }, "999"),
    );
    from = found.index + found[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** The guide's text as paragraphs and lists, a line each. */
export function blocks(text) {
  const out = [];
  let list = null;
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    const item = /^(?:[-–•*]|(\d{1,2})[.)])\s+(.*)$/.exec(line);
    if (!item) {
      list = null;
      if (line) out.push(el("p", {}, ...inline(line)));
      continue;
    }
    const tag = item[1] ? "ol" : "ul";
    if (list?.localName !== tag) {
      list = el(tag, { start: item[1] && item[1] !== "1" ? item[1] : null });
      out.push(list);
    }
    list.append(el("li", {}, ...inline(item[2])));
  }
  return out;
}

/** A number, with commas. */
export const count = (number) => number.toLocaleString("en-GB");

/** How typed text is compared with a button's title, as the server does. */
export const plain = (text) => text.trim().toLowerCase().replace(/\s+/g, " ").replace(/[ .]+$/, "");
