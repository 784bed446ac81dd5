/**
 * <escalation-guide>: the Escalation Guide's chat, for an intranet page.
 *
 *   <script type="module" src="…/widget/escalation-guide.js"></script>
 *   <escalation-guide heading="Escalation Guide" partnership="kent"></escalation-guide>
 *
 * Its attributes, events and custom properties: docs/embedding.md.
 *
 * Whatever arrives, from the person or from the server, becomes text nodes: nothing here
 * parses markup, so the page can demand Trusted Types and a policy without inline anything.
 * Nothing that was said is kept in the browser (see `keeper`).
 */

const KEPT = "escalation-guide";
const LIMIT = 2000;
const NEAR_LIMIT = 1600;
const PATIENCE_MS = 60_000;
const SLOW_MS = 8_000;
const MINUTE_MS = 60_000;
const WARN_MS = 15 * MINUTE_MS;
const RENEW_MS = 60 * MINUTE_MS;
const ESCAPES = 3;
const ESCAPES_WITHIN_MS = 5_000;
const EXIT_TO = "https://www.bbc.co.uk/weather";
const UNREACHABLE = "The guide cannot be reached just now.";
const NO_ANSWER = "The guide is not working just now: it gave no answer.";
const STANDING = "If a child is in danger, call 999. Do not wait for this guide.";
const SIGN_IN = "You are not signed in. Sign in to your intranet, then try again here: nothing is lost.";
const ENDED = "This conversation has ended because it was open for a long time.";
const GONE = "This conversation was deleted in another tab or window.";

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

/* ---- Elements and text ---- */

/** An element; attributes that are null or false are left out, children that are null too. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

function button(label, onClick, attributes = {}) {
  const node = el("button", { type: "button", ...attributes }, ...[label].flat());
  node.addEventListener("click", onClick);
  return node;
}

/** One line of the guide's text as nodes: **bold** is strong, and 999 can be dialled. */
function inline(text) {
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
function blocks(text) {
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

/** 128 random bits in letters; crypto.randomUUID is not there on plain http. */
const randomName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

const count = (number) => number.toLocaleString("en-GB");

/** How typed text is compared with a button's title, as the server does. */
const plain = (text) => text.trim().toLowerCase().replace(/\s+/g, " ").replace(/[ .]+$/, "");

const isAnswer = ({ payload }) => payload.startsWith("answer:");

/** A question that is answered, or that another has followed, can no longer be answered. */
function closeQuestion(turn) {
  for (const { node } of turn.filter(isAnswer)) {
    // Disabling the button that has the focus would lose the focus.
    if (node.classList.contains("chosen")) node.setAttribute("aria-disabled", "true");
    else node.disabled = true;
  }
}

/* ---- Cards ---- */

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
  return el("ol", { class: "stages", "aria-label": "Stages of the policy" }, ...items);
}

const place = (source) => source && [source.document, source.section].filter(Boolean).join(", ");

/** A line of a card. Lines in a row with one source show it once, below the last of them. */
function drawItem({ text, detail, source, change, change_title }, index, items, act) {
  const where = place(source) === place(items[index + 1]?.source) ? null : place(source);
  return el(
    "li",
    {},
    ...blocks(text),
    change ? button("Change", () => act.press(change, change_title), { class: "plain", "aria-label": change_title }) : null,
    where ? el("p", { class: "source" }, `Source: ${where}`) : null,
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
  const lines = (items ?? []).map((item, i, all) => drawItem(item, i, all, act));
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

/** A draft to copy; what stands in square brackets is a gap, marked. */
function drawDraft({ head, subject, body, gaps }, say) {
  const lines = (body ?? "").split("\n").map((line) => {
    const parts = line.split(/(\[[^\]]+\])/);
    return el("p", {}, ...parts.map((part, i) => (i % 2 ? el("mark", {}, part) : part)));
  });
  const copyDraft = async () => {
    try {
      await copy([subject ? `Subject: ${subject}` : null, body].filter(Boolean).join("\n\n"));
      say("The draft is copied.");
    } catch {
      say("The draft could not be copied. Please select the text and copy it.");
    }
  };
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
    button("Copy the draft", copyDraft),
  ];
}

/** A case's code, large and to be copied; where it was shown before, the words that say so. */
function drawCode({ code }, say) {
  if (!/^[0-9A-Z]+(-[0-9A-Z]+)+$/.test(code ?? "")) return [el("p", {}, `Your code: ${code ?? ""}`)];
  const copyCode = async () => {
    try {
      await copy(code);
      say("The code is copied.");
    } catch {
      say("The code could not be copied. Please select it and copy it.");
    }
  };
  return [
    el("p", { class: "letter" }, "Your code: ", el("strong", { class: "code" }, code)),
    button("Copy the code", copyCode),
  ];
}

function drawCard(card, act) {
  const kind = card.kind in KINDS ? card.kind : "advice";
  return el(
    "div",
    { class: `card ${kind}` },
    el("p", { class: "kind" }, KINDS[kind]),
    el("h3", {}, ...inline(card.title ?? "")),
    card.stages?.length ? drawStages(card.stages) : null,
    ...(kind === "draft" ? drawDraft(card, act.tell) : []),
    ...(kind === "case" ? drawCode(card, act.tell) : []),
    ...(card.sections ?? []).map((section) => drawSection(section, act)),
    ...(card.footer ? [el("div", { class: "footer" }, ...blocks(card.footer))] : []),
    PRINTED.has(kind) ? button("Print this", act.print, { class: "plain" }) : null,
  );
}

/** A file to fetch. It is asked for with the token, which a link could not carry. */
const drawFile = ({ title, url }, fetchFile) =>
  el("li", {}, button(title, () => fetchFile(url, title), { class: "file" }));

/* ---- The server ---- */

/** What went wrong, in words for the person; status 0 is the network. */
class Problem extends Error {
  constructor(status, message, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Asks the server, and gives its answer if that is a good one. */
async function ask(url, { token, person, ...options }) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (person) headers["X-Sign-In"] = person;
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    // Wherever a redirect led, what says who somebody is would be sent there too.
    const rules = { signal, cache: "no-store", redirect: "error" };
    response = await fetch(url, { ...options, headers, ...rules });
  } catch {
    throw new Problem(0, UNREACHABLE);
  }
  if (response.ok) return response;
  // A gateway's error page is not JSON; the person gets the standing words instead.
  const answer = await response.json().catch(() => null);
  const code = answer?.error ?? (response.status === 401 ? "sign_in" : undefined);
  // Signing in again mends it, and the conversation goes on: it is not what a 401 is otherwise.
  if (code?.startsWith("sign_in")) throw new Problem(0, answer?.message ?? SIGN_IN, code);
  throw new Problem(response.status, answer?.message ?? UNREACHABLE, code);
}

/**
 * What outlives a page, for as long as the tab: the token and when it ends, a random name of the
 * conversation that tells two tabs of it that they are two, whether an emergency still has to be
 * acknowledged, and whether the guide is open. Never a word of what was said.
 */
const keeper = {
  memory: "{}",
  get() {
    let kept = this.memory;
    try {
      kept = sessionStorage.getItem(KEPT);
    } catch {
      // Storage is forbidden: it lasts as long as the page, and a reload begins anew.
    }
    return JSON.parse(kept ?? "{}");
  },
  set(changes) {
    this.memory = JSON.stringify({ ...this.get(), ...changes });
    try {
      sessionStorage.setItem(KEPT, this.memory);
    } catch {
      // Kept above.
    }
  },
  /** Forgets the conversation; whether the guide is open stays. */
  drop() {
    this.set({ token: undefined, until: undefined, talk: undefined, alarm: undefined });
  },
};

/* ---- Colours ---- */

/** A colour of any notation as three bytes, or null where it is none. */
function bytes(colour) {
  if (!CSS.supports("color", colour)) return null;
  const canvas = el("canvas", { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function luminance(colour) {
  const [r, g, b] = colour.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards the ink until it can be read on all of the papers. */
function readable(colour, ink, papers) {
  // Pale on dark looks fainter than its figure.
  const enough = luminance(ink) > 0.5 ? 7 : 4.6;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((byte, i) => Math.round(byte + (ink[i] - byte) * share));
    if (papers.every((paper) => contrast(mixed, paper) >= enough)) return mixed;
  }
  return ink;
}

/* ---- The widget ---- */

class EscalationGuide extends HTMLElement {
  static observedAttributes = [
    ...["heading", "state", "mode", "theme", "accent"],
    ...["contact", "contact-phone", "contact-email"],
  ];

  #busy = false;
  #started = false;
  #styled = false;
  #stale = false;
  #warned = false;
  #talk = null;
  #person;
  #unsure = null;
  #escapes = [];
  #countTimer = 0;
  /** The buttons shown, a list for each of the guide's turns: {title, payload, node}. */
  #turns = [];
  #unanswered = [];
  #sheet = new CSSStyleSheet();
  #listening;
  #tabs;

  #server;
  #parts = {};
  #launcher;
  #frame;
  #scroller;
  #past;
  #log;
  #alert;
  #problem;
  #notice;
  #status;
  #form;
  #field;
  #count;
  #spoken;

  connectedCallback() {
    this.#listen();
    if (this.shadowRoot) return;
    this.#server = new URL(this.getAttribute("server") ?? "../", import.meta.url);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [this.#sheet];
    if (this.#floating && keeper.get().open) this.setAttribute("state", "open");
    this.#build(root);
    this.#dress();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#tabs?.close();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#frame || before === after) return;
    this.#dress();
    if (name === "state") this.#tell(this.open ? "open" : "close");
  }

  get #floating() {
    return this.getAttribute("mode") === "floating";
  }

  /** Whether it is open: as `state` says; without it, a floating guide begins closed. */
  get open() {
    return (this.getAttribute("state") ?? (this.#floating ? "closed" : "open")) !== "closed";
  }

  set open(open) {
    this.setAttribute("state", open ? "open" : "closed");
  }

  /** Tells the page what happened, and never what was said. */
  #tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(`guide-${what}`, { bubbles: true, composed: true, detail }));
  }

  #listen() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (what, act) => window.addEventListener(what, act, { signal });
    on("keydown", (event) => this.#countEscapes(event));
    on("online", () => this.#connection(true));
    on("offline", () => this.#connection(false));
    on("beforeprint", () => this.#unfold());
    const watch = setInterval(() => this.#watch(), MINUTE_MS / 4);
    signal.addEventListener("abort", () => clearInterval(watch));
    document.addEventListener("visibilitychange", () => this.#watch(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint(), {
      signal,
    });
    if (!window.BroadcastChannel) return;
    this.#tabs = new BroadcastChannel(KEPT);
    this.#tabs.addEventListener("message", ({ data }) => this.#hear(data));
  }

  /* -- What is on the page -- */

  #build(root) {
    const style = el("link", {
      rel: "stylesheet",
      href: new URL("escalation-guide.css", import.meta.url).href,
    });
    const parts = this.#parts;
    parts.heading = el("h2", { id: "heading", tabindex: "-1" });
    parts.more = this.#buildMore();
    parts.moreButton = button("More", () => this.#showMore(parts.more.hidden), {
      "aria-expanded": "false",
      "aria-controls": "more",
    });
    parts.close = button(
      [el("span", { class: "roomy" }, "Close"), el("span", { class: "cross" }, "✕")],
      () => this.#close(),
    );
    parts.exit = button(["Exit", el("span", { class: "roomy" }, " this page")], () => this.#leave(), {
      class: "exit",
      "aria-label": "Exit this page",
    });
    parts.sure = this.#buildSure();
    parts.cover = el("dialog", { class: "cover", "aria-label": "Loading" }, "Loading");
    this.#launcher = button("", () => this.#openUp(), { class: "launcher", hidden: true });
    // What is said on arrival is not read out: it is on the page already. New turns are.
    this.#past = el("div", { class: "past" });
    this.#log = el("div", { role: "log", "aria-live": "polite", "aria-label": "New messages" });
    this.#scroller = el(
      "div",
      { class: "scroller", role: "group", "aria-label": "Conversation", tabindex: "0" },
      this.#past,
      this.#log,
    );
    this.#alert = el("div", { class: "alert", role: "alert" });
    // In two places, of which the style sheet shows one.
    const always = () =>
      el("p", { class: "always" }, ...inline("If a child is in danger now, call 999."));
    this.#frame = el(
      "section",
      { class: "guide", lang: "en-GB", "aria-labelledby": "heading", hidden: true },
      el(
        "div",
        { class: "top" },
        el(
          "div",
          { class: "bar" },
          parts.heading,
          always(),
          parts.exit,
          parts.moreButton,
          parts.close,
        ),
        this.#alert,
      ),
      always(),
      parts.more,
      this.#scroller,
      this.#buildForm(),
    );
    // A floating guide covers a small screen: it closes when the focus goes on to the page.
    this.#frame.addEventListener("focusout", ({ relatedTarget: to }) => {
      const covers = this.#floating && this.#frame.clientWidth > window.innerWidth - 32;
      if (covers && to && !this.shadowRoot.contains(to)) this.open = false;
    });
    const show = () => {
      this.#styled = true;
      this.#dress();
    };
    style.addEventListener("load", show);
    style.addEventListener("error", show);
    root.append(style, this.#launcher, this.#frame, parts.sure, parts.cover);
  }

  #buildForm() {
    this.#problem = el("div", { class: "problem", role: "alert" });
    this.#notice = el("div", { class: "notice", role: "status" });
    this.#status = el("p", { class: "status", role: "status" });
    this.#field = el("textarea", {
      id: "field",
      rows: "2",
      dir: "auto",
      autocomplete: "off",
      "aria-describedby": "hint count",
    });
    this.#count = el("p", { id: "count", class: "count" });
    this.#spoken = el("p", { class: "unseen", role: "status" });
    this.#form = el(
      "form",
      {},
      this.#notice,
      this.#status,
      this.#problem,
      el("label", { for: "field" }, "Your message"),
      el(
        "p",
        { id: "hint", class: "hint" },
        "No names, please. Enter sends, Shift and Enter starts a new line.",
      ),
      el("div", { class: "row" }, this.#field, el("button", { class: "send" }, "Send")),
      this.#count,
      this.#spoken,
    );
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#countLetters());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    return this.#form;
  }

  /** What is not needed at every turn: saving, deleting, who helps, how to leave quickly. */
  #buildMore() {
    const say = (words) => () => {
      this.#showMore(false);
      this.#field.focus();
      this.#attempt(() => this.#send(words, words));
    };
    this.#parts.help = el("p", { class: "help" });
    return el(
      "div",
      { id: "more", class: "more", hidden: true },
      el(
        "div",
        { class: "buttons" },
        button("Save for later", say("Save this for later")),
        button("I have a case code", say("I have a case code")),
        button("Delete this conversation", () => this.#parts.sure.showModal()),
      ),
      this.#parts.help,
      el(
        "p",
        {},
        el("strong", {}, "Exit this page"),
        " deletes this conversation and opens another page at once. So does pressing Escape three " +
          "times. A case you saved stays, under its code.",
      ),
    );
  }

  #buildSure() {
    const sure = el(
      "dialog",
      { class: "sure", lang: "en-GB", "aria-labelledby": "sure", "aria-describedby": "lost" },
      el("h2", { id: "sure" }, "Delete this conversation?"),
      el(
        "p",
        { id: "lost" },
        "This deletes what you told the guide here, and a case you saved or opened here with its " +
          "code. It is deleted on the server too, and cannot be brought back.",
      ),
      el(
        "div",
        { class: "buttons" },
        button("Keep it", () => sure.close()),
        button("Delete it", () => {
          sure.close();
          this.#showMore(false);
          this.#field.focus();
          this.#attempt(() => this.#delete());
        }),
      ),
    );
    return sure;
  }

  #showMore(shown) {
    this.#parts.more.hidden = !shown;
    this.#parts.moreButton.setAttribute("aria-expanded", String(shown));
  }

  /** Brings what is on the page in line with the attributes. */
  #dress() {
    const { heading, close, help } = this.#parts;
    const name = this.getAttribute("heading") || "Escalation Guide";
    const open = this.open;
    const closable = this.#floating || this.hasAttribute("state");
    const alarm = Boolean(keeper.get().alarm);
    heading.textContent = name;
    close.hidden = !closable;
    close.setAttribute("aria-label", `Close: ${name}`);
    this.#launcher.hidden = open || !this.#styled;
    this.#launcher.classList.toggle("urgent", alarm);
    this.#launcher.textContent = alarm ? `Call 999 now. Open: ${name}` : name;
    this.#frame.hidden = !open || !this.#styled;
    const person = this.#contact();
    help.replaceChildren(...(person ? ["To speak to somebody: ", ...person] : []));
    this.#paint();
    if (open && !this.#started) {
      this.#started = true;
      this.#attempt(() => this.#open());
    }
  }

  /** Whom the page names for help, as text and links, or null. */
  #contact() {
    const [name, phone, mail] = ["contact", "contact-phone", "contact-email"].map((one) =>
      this.getAttribute(one)?.trim(),
    );
    const ways = [
      name,
      phone && el("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone),
      /^[^\s@?]+@[^\s@?]+$/.test(mail) ? el("a", { href: `mailto:${mail}` }, mail) : mail,
    ].filter(Boolean);
    return ways.length ? ways.flatMap((way, i) => (i ? [", ", way] : [way])) : null;
  }

  /** Gives the page's colour to what is pressed and marked, readable whatever it is. */
  #paint() {
    const accent = bytes(this.getAttribute("accent") ?? "");
    let rule = "";
    if (accent) {
      const look = getComputedStyle(this);
      const [ink, paper, wash] = ["ink", "paper", "wash"].map((name) =>
        bytes(look.getPropertyValue(`--eg-${name}`).trim()),
      );
      if (ink && paper && wash) {
        const colour = readable(accent, ink, [paper, wash]);
        const sides = [[255, 255, 255], [11, 12, 12]];
        const [on] = sides.sort((a, b) => contrast(b, colour) - contrast(a, colour));
        // The id that nothing has lets it go before the theme's own colours.
        rule = `@media screen{:host(:not(#_)){--eg-accent:rgb(${colour});--eg-on-accent:rgb(${on})}}`;
      }
    }
    this.#sheet.replaceSync(rule);
  }

  #openUp() {
    this.open = true;
    keeper.set({ open: true });
    this.#parts.heading.focus();
  }

  #close() {
    this.open = false;
    keeper.set({ open: undefined });
    this.#launcher.focus();
  }

  /** Prints one card: the page around it and the other messages stay off the paper. */
  #print(node) {
    const only = new CSSStyleSheet();
    const here = this.localName;
    only.replaceSync(
      `@media print{body *:not(:has(${here}),${here}){display:none!important}}`,
    );
    document.adoptedStyleSheets.push(only);
    node.closest(".message").classList.add("printing");
    this.#frame.classList.add("one-card");
    const done = () => {
      const others = document.adoptedStyleSheets.filter((sheet) => sheet !== only);
      document.adoptedStyleSheets = others;
      this.#frame.classList.remove("one-card");
      node.closest(".message").classList.remove("printing");
    };
    window.addEventListener("afterprint", done, { once: true });
    window.print();
  }

  /** On paper nothing can be opened: how dates were counted is printed. */
  #unfold() {
    const closed = this.#scroller.querySelectorAll("details:not([open])");
    for (const details of closed) details.open = true;
    const fold = () => closed.forEach((details) => details.removeAttribute("open"));
    window.addEventListener("afterprint", fold, { once: true });
  }

  /* -- Leaving, and what goes on around the page -- */

  #countEscapes({ key, repeat, timeStamp }) {
    if (key !== "Escape") this.#escapes = [];
    if (key !== "Escape" || repeat || !(this.#talk && (this.open || keeper.get().token))) return;
    this.#escapes = this.#escapes.filter((at) => timeStamp - at < ESCAPES_WITHIN_MS);
    const left = ESCAPES - this.#escapes.push(timeStamp);
    if (left <= 0) this.#leave();
    else this.#spoken.textContent = `Press Escape ${left} more ${left > 1 ? "times" : "time"} to exit this page.`;
  }

  /** Clears the screen at once, has the conversation deleted, and goes to another page. */
  #leave(asked = true) {
    const { token } = keeper.get();
    this.#parts.cover.showModal();
    this.#frame.remove();
    if (asked) {
      this.#share("exit");
      if (token) {
        // Goes on while the page is left. A saved case stays: its code is the way back to it.
        const address = this.#address("session?keep=case");
        const how = { method: "DELETE", keepalive: true, token, person: this.#person };
        ask(address, how).catch(() => {});
      }
    }
    keeper.set({ open: undefined });
    keeper.drop();
    this.#tell("exit");
    document.title = "Loading";
    let to = new URL(EXIT_TO);
    try {
      const wanted = new URL(this.getAttribute("exit-to") || EXIT_TO, document.baseURI);
      if (/^https?:$/.test(wanted.protocol)) to = wanted;
    } catch {
      // The page's address for leaving is none: to the usual one.
    }
    location.replace(to);
  }

  #share(what) {
    if (this.#talk) this.#tabs?.postMessage({ what, talk: this.#talk });
  }

  /** What another tab with the same conversation did to it. */
  #hear({ what, talk }) {
    if (!this.#talk || talk !== this.#talk) return;
    if (what === "exit") this.#leave(false);
    else if (what === "gone") this.#lost(GONE);
    else this.#refresh();
  }

  /** Draws the conversation anew as the server has it: somebody went on with it elsewhere. */
  async #refresh() {
    if (this.#busy) {
      this.#stale = true;
      return;
    }
    this.#busy = true;
    try {
      const { messages } = await this.#call("history", { token: keeper.get().token });
      const focused = this.#scroller.contains(this.shadowRoot.activeElement);
      this.#wipe();
      if (messages.length) this.#replay(messages);
      else this.#lost(GONE);
      if (focused) this.#scroller.focus();
    } catch (problem) {
      // What is on the screen stays. The next message tells what is wrong, if it still is.
      if (!(problem instanceof Problem)) throw problem;
    } finally {
      this.#busy = false;
    }
  }

  #connection(online) {
    const words = online
      ? this.#notice.textContent && "You are connected again."
      : "You are not connected. What you type stays here until you are.";
    this.#notice.replaceChildren(...(words ? [el("p", {}, words)] : []));
  }

  /** Says before it happens that the conversation closes, and says it when it has. */
  #watch() {
    const { token, until } = keeper.get();
    const left = until - Date.now();
    // While something is asked, the server itself says that it is too late.
    if (!token || !until || (left <= 0 && this.#busy)) return;
    if (left <= 0) {
      this.#notice.replaceChildren();
      this.#lost(ENDED);
    } else if (left <= WARN_MS && !this.#warned) {
      this.#warned = true;
      const minutes = Math.max(1, Math.round(left / MINUTE_MS));
      const at = new Date(until).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      this.#notice.replaceChildren(
        el(
          "p",
          {},
          `This conversation closes at ${at}, in ${minutes} ${minutes > 1 ? "minutes" : "minute"}.`,
        ),
        button("Stay in it", () => {
          this.#field.focus();
          this.#attempt(() => this.#renew());
        }),
      );
    }
  }

  async #renew() {
    const answer = await this.#ask(this.#address("session"), {
      method: "PUT",
      token: keeper.get().token,
    });
    this.#keep(await answer.json());
    return "The conversation stays open.";
  }

  #keep({ token, lasts }) {
    this.#warned = false;
    this.#notice.replaceChildren();
    keeper.set({ token, until: lasts ? Date.now() + lasts * 1000 : undefined });
  }

  /** The conversation is over without a word of the person's. */
  #lost(why) {
    if (keeper.get().talk === this.#talk) keeper.drop();
    this.#talk = null;
    if (why === GONE) this.#wipe();
    this.#complain(new Problem(401, why));
  }

  /** Clears the screen of the conversation. */
  #wipe() {
    this.#past.replaceChildren();
    this.#log.replaceChildren();
    this.#alert.replaceChildren();
    this.#problem.replaceChildren();
    this.#turns = [];
    this.#unanswered = [];
  }

  /* -- Talking to the server -- */

  #address(path) {
    return new URL(`webhooks/web/${path}`, this.#server);
  }

  /**
   * Asks the server, as the person whom the page's `signIn` gives a token for, where it has one.
   * The token is kept nowhere but in `#person`, to delete the conversation when the page is left.
   */
  async #ask(url, options) {
    if (this.signIn) {
      try {
        const late = new Promise((_, no) => setTimeout(no, PATIENCE_MS));
        this.#person = await Promise.race([this.signIn(), late]);
      } catch {
        throw new Problem(0, SIGN_IN, "sign_in");
      }
    }
    return ask(url, { ...options, person: this.#person });
  }

  async #call(path, options) {
    const response = await this.#ask(this.#address(path), options);
    const answer = await response.json().catch(() => null);
    if (!answer?.messages) throw new Problem(502, NO_ANSWER);
    return answer;
  }

  /** Carries on with this tab's conversation, or begins one. */
  async #open() {
    const { token, talk } = keeper.get();
    if (!token) return this.#begin(this.#past);
    try {
      const { messages } = await this.#call("history", { token });
      // Nothing is left of a conversation that was deleted.
      if (!messages.length) return await this.#begin(this.#past);
      this.#talk = talk;
      this.#replay(messages);
    } catch (problem) {
      if (![401, 403, 404].includes(problem.status)) throw problem;
      await this.#begin(this.#past);
    }
    this.#tell("ready");
  }

  async #begin(place) {
    keeper.drop();
    this.#alert.replaceChildren();
    const answer = await this.#session();
    this.#keep(answer);
    this.#talk = randomName();
    keeper.set({ talk: this.#talk });
    for (const { node } of this.#turns.flat()) node.disabled = true;
    this.#turns = [];
    this.#unanswered = [];
    this.#answer(answer.messages, place);
    this.#tell("ready");
  }

  /** A new session, for the partnership that the page is set up for if the guide knows it. */
  async #session() {
    const partnership = this.getAttribute("partnership")?.trim() || undefined;
    const begin = (body) =>
      this.#call("session", { method: "POST", body: JSON.stringify(body) });
    try {
      return await begin({ partnership });
    } catch (problem) {
      if (problem.code !== "partnership_unknown") throw problem;
      // The page's mistake must not stand between a person and the guide: it asks instead.
      this.#tell("problem", { code: problem.code, message: problem.message });
      return begin({});
    }
  }

  async #delete() {
    const { token } = keeper.get();
    if (token) await this.#ask(this.#address("session"), { method: "DELETE", token });
    this.#share("gone");
    this.#wipe();
    keeper.drop();
    this.#tell("deleted");
    await this.#begin(this.#past);
    return "The conversation is deleted. A new one has begun.";
  }

  /** Sends text, which stands in the log as `shown`, and draws what the guide says to it. */
  async #send(text, shown, option = null) {
    const own = this.#say(shown, this.#log);
    // What perhaps arrived is sent again under its own name, so that it is not taken twice.
    const id = this.#unsure?.text === text ? this.#unsure.id : randomName();
    this.#unsure = { text, id };
    try {
      if (!keeper.get().token) await this.#begin(this.#log);
      const { messages } = await this.#call("message", {
        method: "POST",
        token: keeper.get().token,
        body: JSON.stringify({ text, id }),
      });
      this.#unsure = null;
      if (!messages.length) throw new Problem(502, NO_ANSWER);
      this.#choose(option ?? this.#match(shown, this.#turns.slice(-1)));
      this.#answer(messages, this.#log);
      this.#reveal(own);
      this.#share("said");
      this.#stayOpen();
      if (!this.#warned) this.#notice.replaceChildren();
    } catch (problem) {
      own.remove();
      throw problem;
    }
  }

  /** Who is in the middle of a conversation is not asked whether to stay in it. */
  #stayOpen() {
    const { until } = keeper.get();
    if (!until || until - Date.now() > RENEW_MS) return;
    // Where it fails, the person is asked in good time.
    this.#renew().catch(() => {});
  }

  /** Fetches a file that was offered, and has the browser save it under its own name. */
  #fetch(url, title) {
    this.#attempt(async () => {
      // The address is the guide's own, wherever the guide lies on its server.
      const address = new URL(url.replace(/^\/+/, ""), this.#server);
      if (address.origin !== this.#server.origin) throw new Problem(404, NO_ANSWER);
      const response = await this.#ask(address, { token: keeper.get().token });
      const saved = URL.createObjectURL(await response.blob());
      el("a", { href: saved, download: address.pathname.split("/").pop() }).click();
      setTimeout(() => URL.revokeObjectURL(saved), PATIENCE_MS);
      return `Saved: ${title}.`;
    });
  }

  #submit() {
    const typed = this.#field.value;
    if (this.#busy || !typed.trim()) return;
    if (typed.length > LIMIT) {
      this.#complain(new Problem(413, `Your message is ${count(typed.length - LIMIT)} letters too long.`));
      return;
    }
    this.#field.value = "";
    this.#countLetters();
    const send = () =>
      this.#send(typed, typed).catch((problem) => {
        this.#field.value = [typed, this.#field.value].filter(Boolean).join("\n");
        this.#countLetters();
        throw problem;
      });
    this.#attempt(send, () => this.#submit());
  }

  #press(option) {
    if (option.node.getAttribute("aria-disabled") === "true") return;
    this.#attempt(() => this.#send(option.payload, option.title, option));
  }

  /**
   * Does one thing at a time, says that it is going on, and offers it again if it fails. A task
   * may return words to say when it is done.
   */
  async #attempt(task, again = () => this.#attempt(task)) {
    if (this.#busy) return;
    this.#busy = true;
    this.#problem.replaceChildren();
    this.#status.replaceChildren("The guide is answering", el("span", { class: "dots" }));
    const slow = setTimeout(() => {
      this.#status.replaceChildren(
        ...inline("This takes longer than usual. If a child is in danger, call 999."),
        el("span", { class: "dots" }),
      );
    }, SLOW_MS);
    try {
      const done = await task();
      this.#status.replaceChildren(...(done ? [done] : []));
    } catch (problem) {
      this.#status.replaceChildren();
      this.#complain(problem, again);
      if (!(problem instanceof Problem)) throw problem;
    } finally {
      clearTimeout(slow);
      this.#busy = false;
      this.#watch();
      if (this.#stale) {
        this.#stale = false;
        this.#refresh();
      }
    }
  }

  /** Says what went wrong; what is wrong with the message itself is not tried again. */
  #complain(problem, again) {
    const ours = problem instanceof Problem;
    const act = problem.status === 401 ? () => this.#attempt(() => this.#begin(this.#log)) : again;
    const retry = () => {
      this.#field.focus();
      act();
    };
    const name = problem.status === 401 ? "Start a new conversation" : "Try again";
    const theirs = [400, 410, 413].includes(problem.status);
    const person = theirs ? null : this.#contact();
    this.#tell("problem", { code: problem.code ?? null, message: problem.message });
    const kept = this.#field.value ? "What you typed is still in the box." : null;
    this.#problem.replaceChildren(
      el("p", {}, el("strong", {}, ours ? problem.message : NO_ANSWER), kept && ` ${kept}`),
      ...(theirs ? [] : [el("p", {}, ...inline(STANDING))]),
      ...(person ? [el("p", {}, "To speak to somebody: ", ...person)] : []),
      ...(theirs ? [] : [button(name, retry)]),
    );
  }

  /* -- Drawing the conversation -- */

  #say(text, place) {
    const words = el("p", { class: "words", dir: "auto" }, text);
    const node = el("div", { class: "message person" }, el("p", { class: "from" }, "You"), words);
    place.append(node);
    this.#reveal(node);
    return node;
  }

  /** Draws one turn of the guide. An emergency among it is announced and kept in sight. */
  #answer(messages, place) {
    const asked = messages.flatMap(({ buttons }) => buttons ?? []);
    if (asked.some(isAnswer)) this.#unanswered.splice(0).forEach(closeQuestion);
    const turn = [];
    this.#turns.push(turn);
    this.#unanswered.push(turn);
    for (const message of messages) {
      const kind = message.card?.kind;
      if (place === this.#log && ["emergency", "same_day"].includes(kind)) {
        this.#tell("urgent", { kind });
      }
      if (kind === "emergency" && place === this.#log) this.#alarm(message);
      place.append(this.#draw(message, turn));
    }
    this.#reveal(place.lastElementChild);
  }

  #draw({ text, card, buttons, files }, turn) {
    const links = (files ?? []).map((file) => drawFile(file, (...which) => this.#fetch(...which)));
    return el(
      "div",
      { class: "message" },
      el("p", { class: "from" }, "Guide"),
      // The text says what the card shows, for channels that have no cards.
      ...(card?.title ? [drawCard(card, this.#act)] : blocks(text ?? "")),
      links.length ? el("ul", { class: "files", "aria-label": "Files" }, ...links) : null,
      buttons?.length ? this.#drawButtons(buttons, turn) : null,
    );
  }

  #drawButtons(buttons, turn) {
    const group = el("div", { class: "buttons", role: "group", "aria-label": "Answers to choose from" });
    for (const { title, payload } of buttons) {
      const option = { title, payload };
      const number = el("span", { class: "number" }, String(turn.push(option)));
      const label = [number, " ", el("span", {}, title)];
      option.node = button(label, () => this.#press(option), { class: "option" });
      group.append(option.node);
    }
    return group;
  }

  /** Draws what was said before, marking the buttons that were chosen. */
  #replay(messages) {
    let heard = [];
    const draw = () => {
      if (heard.length) this.#answer(heard, this.#past);
      heard = [];
    };
    for (const message of messages) {
      if (message.from !== "person") {
        heard.push(message);
        continue;
      }
      draw();
      this.#choose(this.#match(message.text, this.#turns));
      this.#say(message.text, this.#past);
    }
    draw();
    const unseen = messages.findLast(({ card }) => card?.kind === "emergency");
    if (unseen && keeper.get().alarm) this.#alarm(unseen);
  }

  /** The newest button that these words stand for, as the server reads them: title or number. */
  #match(words, turns) {
    const typed = plain(words);
    for (const turn of turns.toReversed()) {
      const found = turn.find(({ title }) => plain(title) === typed);
      if (found) return found;
    }
    const number = /^([1-9]\d?)[.)]?$/.exec(typed);
    return (number && turns.at(-1)?.[number[1] - 1]) ?? null;
  }

  #choose(option) {
    if (!option || option.node.classList.contains("chosen")) return;
    option.node.classList.add("chosen");
    option.node.append(" ", el("span", { class: "tick" }, "Chosen"));
    if (isAnswer(option)) closeQuestion(this.#turns.find((turn) => turn.includes(option)) ?? []);
  }

  #alarm({ card, text }) {
    const lines = (card.sections?.[0]?.items ?? []).map((item) => item.text);
    const first = lines.find((line) => plain(line) !== plain(card.title)) ?? text ?? "";
    const seen = button("I have seen this", () => {
      this.#alert.replaceChildren();
      keeper.set({ alarm: undefined });
      this.#field.focus();
    });
    keeper.set({ alarm: true });
    this.#alert.replaceChildren(
      el(
        "div",
        {},
        el("p", { class: "alert-title" }, ...inline(card.title)),
        ...blocks(first.split("\n")[0]),
      ),
      seen,
    );
  }

  /** What a card's own buttons can do. */
  #act = {
    tell: (words) => this.#status.replaceChildren(words),
    press: (payload, title) => this.#attempt(() => this.#send(payload, title)),
    print: (event) => this.#print(event.currentTarget),
  };

  /** Brings a message to the top of the conversation's view, or as near as it goes. */
  #reveal(node) {
    const inFlow = getComputedStyle(this.#scroller).overflowY === "visible";
    if (!inFlow) this.#scroller.scrollTo({ top: node.offsetTop - 8 });
    else if (this.#log.contains(node)) node.scrollIntoView({ block: "start" });
  }

  #countLetters() {
    const left = LIMIT - this.#field.value.length;
    const words = left < 0 ? `${count(-left)} letters too many` : `${count(left)} letters left`;
    const near = this.#field.value.length >= NEAR_LIMIT;
    this.#count.textContent = near ? words : "";
    this.#count.classList.toggle("over", left < 0);
    // Spoken after a pause only, or it would talk over the typing.
    clearTimeout(this.#countTimer);
    this.#countTimer = setTimeout(() => {
      this.#spoken.textContent = near ? words : "";
    }, 1000);
  }
}

if (!customElements.get("escalation-guide")) {
  customElements.define("escalation-guide", EscalationGuide);
}
