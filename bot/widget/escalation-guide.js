/**
 * <escalation-guide>: the Escalation Guide's chat, for an intranet page.
 *
 *   <script type="module" src="…/widget/escalation-guide.js"></script>
 *   <escalation-guide heading="Escalation Guide"></escalation-guide>
 *
 * Attributes: `heading`, the widget's title; `server`, the guide's address where it is not
 * the one this file came from. Colours and height are custom properties (escalation-guide.css).
 *
 * Whatever arrives, from the person or from the server, becomes text nodes: nothing here
 * parses markup, so the page can demand Trusted Types and a policy without inline anything.
 */

const LIMIT = 2000;
const NEAR_LIMIT = 1600;
const PATIENCE_MS = 60_000;
const TOKEN_KEY = "escalation-guide-token";
const UNREACHABLE = "The guide cannot be reached just now.";
const NO_ANSWER = "The guide is not working just now: it gave no answer.";
const STANDING = "If a child is in danger, call 999. Do not wait for this guide.";

const KINDS = {
  emergency: "Emergency: act now",
  same_day: "Act today",
  advice: "Advice",
  review: "Please check",
  draft: "Draft",
  case: "Saved case",
  answer: "Your question",
};
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
  const items = stages.map(({ label, title, state }) =>
    el(
      "li",
      { class: state, "aria-current": state === "current" ? "step" : null },
      el("span", { class: "stage-label" }, label),
      el("span", { class: "stage-title" }, title),
      el("span", { class: "stage-state" }, STATES[state] ?? state),
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
    change ? button("Change", () => act.press(change, change_title), { class: "change", "aria-label": change_title }) : null,
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

function drawSection({ heading, items }, act) {
  return el(
    "section",
    {},
    heading ? el("h4", {}, ...inline(heading)) : null,
    el("ul", { class: "items", role: "list" }, ...(items ?? []).map((item, i, all) => drawItem(item, i, all, act))),
  );
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
  );
}

/** A file to fetch. It is asked for with the token, which a link could not carry. */
const drawFile = ({ title, url }, fetchFile) =>
  el("li", {}, button(title, () => fetchFile(url, title), { class: "file" }));

/* ---- The server ---- */

/** What went wrong, in words for the person; status 0 is the network. */
class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks the server, and gives its answer if that is a good one. */
async function ask(url, { token, ...options }) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    response = await fetch(url, { ...options, headers, signal, cache: "no-store" });
  } catch {
    throw new Problem(0, UNREACHABLE);
  }
  if (response.ok) return response;
  // A gateway's error page is not JSON; the person gets the standing words instead.
  const answer = await response.json().catch(() => null);
  throw new Problem(response.status, answer?.message ?? UNREACHABLE);
}

async function call(url, options = {}) {
  const response = await ask(url, options);
  const answer = await response.json().catch(() => null);
  if (!answer?.messages) throw new Problem(502, NO_ANSWER);
  return answer;
}

/** The token lives as long as the tab. Where storage is forbidden, as long as the page. */
const keeper = {
  kept: null,
  get() {
    try {
      return sessionStorage.getItem(TOKEN_KEY);
    } catch {
      return this.kept;
    }
  },
  set(token) {
    this.kept = token;
    try {
      if (token) sessionStorage.setItem(TOKEN_KEY, token);
      else sessionStorage.removeItem(TOKEN_KEY);
    } catch {
      // Kept above: a reload will begin a new conversation.
    }
  },
};

/* ---- The widget ---- */

class EscalationGuide extends HTMLElement {
  #busy = false;
  #countTimer = 0;
  /** The buttons shown, a list for each of the guide's turns: {title, payload, node}. */
  #turns = [];

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#server = new URL(this.getAttribute("server") ?? "../", import.meta.url);
    this.#build(this.attachShadow({ mode: "open" }));
    this.#attempt(() => this.#open());
  }

  #server;
  #scroller;
  #past;
  #log;
  #alert;
  #problem;
  #status;
  #form;
  #field;
  #count;
  #spokenCount;

  #build(root) {
    const heading = this.getAttribute("heading") ?? "Escalation Guide";
    const style = el("link", {
      rel: "stylesheet",
      href: new URL("escalation-guide.css", import.meta.url).href,
    });
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
    this.#problem = el("div", { class: "problem", role: "alert" });
    this.#status = el("p", { class: "status", role: "status" });
    this.#field = el("textarea", {
      id: "field",
      rows: "2",
      dir: "auto",
      autocomplete: "off",
      "aria-describedby": "hint count",
    });
    this.#count = el("p", { id: "count", class: "count" });
    this.#spokenCount = el("p", { class: "unseen", role: "status" });
    this.#form = el(
      "form",
      {},
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
      this.#spokenCount,
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
    const frame = el(
      "section",
      { class: "guide", lang: "en-GB", "aria-labelledby": "heading", hidden: true },
      el(
        "header",
        {},
        el("h2", { id: "heading" }, heading),
        el("p", {}, ...inline("If a child is in danger now, call 999.")),
      ),
      this.#alert,
      this.#scroller,
      this.#form,
    );
    const show = () => frame.removeAttribute("hidden");
    style.addEventListener("load", show);
    style.addEventListener("error", show);
    root.append(style, frame);
  }

  /* -- Talking to the server -- */

  #address(path) {
    return new URL(`webhooks/web/${path}`, this.#server);
  }

  /** Carries on with this tab's conversation, or begins one. */
  async #open() {
    const token = keeper.get();
    if (!token) return this.#begin(this.#past);
    try {
      const { messages } = await call(this.#address("history"), { token });
      // Nothing is left of a conversation that was deleted.
      if (!messages.length) return await this.#begin(this.#past);
      this.#replay(messages);
    } catch (problem) {
      if (![401, 403, 404].includes(problem.status)) throw problem;
      await this.#begin(this.#past);
    }
  }

  async #begin(place) {
    keeper.set(null);
    const { token, messages } = await call(this.#address("session"), { method: "POST", body: "{}" });
    keeper.set(token);
    for (const { node } of this.#turns.flat()) node.disabled = true;
    this.#turns = [];
    this.#answer(messages, place);
  }

  /** Sends text, which stands in the log as `shown`, and draws what the guide says to it. */
  async #send(text, shown, option = null) {
    const own = this.#say(shown, this.#log);
    try {
      if (!keeper.get()) await this.#begin(this.#log);
      const { messages } = await call(this.#address("message"), {
        method: "POST",
        token: keeper.get(),
        body: JSON.stringify({ text }),
      });
      if (!messages.length) throw new Problem(502, NO_ANSWER);
      this.#choose(option ?? this.#match(shown, this.#turns.slice(-1)));
      this.#answer(messages, this.#log);
      this.#reveal(own);
    } catch (problem) {
      own.remove();
      throw problem;
    }
  }

  /** Fetches a file that was offered, and has the browser save it under its own name. */
  #fetch(url, title) {
    this.#attempt(async () => {
      // The address is the guide's own, wherever the guide lies on its server.
      const address = new URL(url.replace(/^\/+/, ""), this.#server);
      if (address.origin !== this.#server.origin) throw new Problem(404, NO_ANSWER);
      const response = await ask(address, { token: keeper.get() });
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
    try {
      const done = await task();
      this.#status.replaceChildren(...(done ? [done] : []));
    } catch (problem) {
      this.#status.replaceChildren();
      this.#complain(problem, again);
      if (!(problem instanceof Problem)) throw problem;
    } finally {
      this.#busy = false;
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
    const kept = this.#field.value ? "What you typed is still in the box." : null;
    this.#problem.replaceChildren(
      el("p", {}, el("strong", {}, ours ? problem.message : NO_ANSWER), kept && ` ${kept}`),
      ...(theirs ? [] : [el("p", {}, ...inline(STANDING)), button(name, retry)]),
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
    if (asked.some(isAnswer)) this.#turns.forEach(closeQuestion);
    const turn = [];
    this.#turns.push(turn);
    for (const message of messages) {
      if (message.card?.kind === "emergency" && place === this.#log) this.#alarm(message);
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
    const first = card.sections?.[0]?.items?.[0]?.text ?? text ?? "";
    const seen = button("I have seen this", () => {
      this.#alert.replaceChildren();
      this.#field.focus();
    });
    this.#alert.replaceChildren(
      el("p", { class: "alert-title" }, ...inline(card.title)),
      ...blocks(first.split("\n")[0]),
      seen,
    );
  }

  /** What a card's own buttons can do. */
  #act = {
    tell: (words) => this.#status.replaceChildren(words),
    press: (payload, title) => this.#attempt(() => this.#send(payload, title)),
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
      this.#spokenCount.textContent = near ? words : "";
    }, 1000);
  }
}

if (!customElements.get("escalation-guide")) {
  customElements.define("escalation-guide", EscalationGuide);
}
