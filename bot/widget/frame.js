/** What stands around the conversation: bar, alarm, notices, the box to write in, dialogs. */

import { blocks, button, count, el, inline, plain } from "./text.js";

const LIMIT = 2000;
const NEAR_LIMIT = 1600;
const STANDING = "If a child is in danger, call 999. Do not wait for this guide.";
const ALARMS = { emergency: "Call 999 now", same_day: "Act today" };
const ESCAPES = 3;
const ESCAPES_WITHIN_MS = 5_000;
const EXIT_TO = "https://www.bbc.co.uk/weather";
const TO_SPEAK = "To speak to somebody: ";

/** Whom the page names for help, as text and links, or null. */
export function contact(host) {
  const [name, phone, mail] = ["contact", "contact-phone", "contact-email"].map((one) =>
    host.getAttribute(one)?.trim(),
  );
  const ways = [
    name,
    phone && el("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone),
    /^[^\s@?]+@[^\s@?]+$/.test(mail) ? el("a", { href: `mailto:${mail}` }, mail) : mail,
  ].filter(Boolean);
  return ways.length ? ways.flatMap((way, i) => (i ? [", ", way] : [way])) : null;
}

/** The page that the host's `exit-to` names, else the usual one. */
export function exitAddress(host) {
  try {
    const wanted = new URL(host.getAttribute("exit-to") || EXIT_TO, document.baseURI);
    if (/^https?:$/.test(wanted.protocol)) return wanted;
  } catch {
    // The page's address for leaving is none: to the usual one.
  }
  return EXIT_TO;
}

/** The link to the style sheet. `done` is called once it is there, or cannot be had. */
export function styleSheet(done) {
  const href = new URL("escalation-guide.css", import.meta.url).href;
  const link = el("link", { rel: "stylesheet", href });
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  return link;
}

/** Goes to another page, which takes this one's place in the browser's history. */
export function leavePage(address) {
  document.title = "Loading";
  // Without a connection, a browser's error page would offer the way back.
  const to = navigator.onLine ? address : "about:blank";
  try {
    // The page that a frame stands in is left too.
    window.top.location.replace(to);
  } catch {
    location.replace(to);
  }
}

/** The frame around `scroller`; what its buttons do is in `act`. */
export class Frame {
  launcher = button("", () => this.#act.open(), { class: "launcher", hidden: true });
  heading = el("h2", { id: "heading", tabindex: "-1" });
  alert = el("div", { class: "alert", role: "alert" });
  problem = el("div", { class: "problem", role: "alert" });
  notice = el("div", { class: "notice", role: "status" });
  status = el("p", { class: "status", role: "status" });
  spoken = el("p", { class: "unseen", role: "status" });
  field = el("textarea", {
    id: "field",
    rows: "1",
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": "hint count",
  });
  #cover = el("dialog", { class: "cover", "aria-label": "Loading" }, "Loading");
  section;
  sure;
  #act;
  #close;
  #more;
  #moreButton;
  #help = el("p", { class: "help" });
  #count = el("p", { id: "count", class: "count" });
  #countTimer = 0;
  #escapes = [];

  constructor(scroller, act) {
    this.#act = act;
    this.#more = this.#buildMore();
    this.#moreButton = button("More", () => this.#showMore(this.#more.hidden), {
      "aria-expanded": "false",
      "aria-controls": "more",
    });
    this.#close = button(
      [el("span", { class: "roomy" }, "Close"), el("span", { class: "cross" }, "✕")],
      () => act.close(),
    );
    this.sure = this.#buildSure();
    this.section = this.#buildSection(scroller);
  }

  /** All that belongs into the shadow root. */
  get node() {
    return el("div", { class: "own" }, this.launcher, this.section, this.sure, this.#cover);
  }

  #buildSection(scroller) {
    // In two places, of which the style sheet shows one; both stay in sight.
    const always = () =>
      el("p", { class: "always" }, ...inline("If a child is in danger now, call 999."));
    const exit = button(
      ["Exit", el("span", { class: "roomy" }, " this page")],
      () => this.#act.leave(),
      { class: "exit", "aria-label": "Exit this page" },
    );
    return el(
      "section",
      { class: "guide", lang: "en-GB", "aria-labelledby": "heading", hidden: true },
      el(
        "div",
        { class: "top" },
        el("div", { class: "bar" }, this.heading, always(), exit, this.#moreButton, this.#close),
        always(),
        this.alert,
      ),
      this.#more,
      scroller,
      this.#buildForm(),
    );
  }

  #buildForm() {
    const form = el(
      "form",
      {},
      this.notice,
      this.status,
      this.problem,
      el("label", { for: "field" }, "Your message"),
      el(
        "p",
        { id: "hint", class: "hint" },
        "No names, please.",
        el("span", { class: "keys" }, " Enter sends, Shift and Enter starts a new line."),
      ),
      el("div", { class: "row" }, this.field, el("button", { class: "send" }, "Send")),
      this.#count,
      this.spoken,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#act.submit();
    });
    this.field.addEventListener("input", () => this.#countLetters());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#act.submit();
    });
    return form;
  }

  /** What is not needed at every turn: saving, deleting, who helps, how to leave quickly. */
  #buildMore() {
    const say = (words) => () => {
      this.#showMore(false);
      this.field.focus();
      this.#act.send(words, words);
    };
    return el(
      "div",
      { id: "more", class: "more", hidden: true },
      el(
        "div",
        { class: "buttons" },
        button("Save for later", say("Save this for later")),
        button("I have a case code", say("I have a case code")),
        button("Delete this conversation", () => this.sure.showModal()),
      ),
      this.#help,
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
          this.field.focus();
          this.#act.delete();
        }),
      ),
    );
    return sure;
  }

  #showMore(shown) {
    this.#more.hidden = !shown;
    this.#moreButton.setAttribute("aria-expanded", String(shown));
  }

  /** Shows it open or closed; neither before it has its style. */
  dress({ name, open, styled, closable, alarm, person }) {
    this.heading.textContent = name;
    this.#close.hidden = !closable;
    this.#close.setAttribute("aria-label", `Close: ${name}`);
    this.launcher.hidden = open || !styled;
    this.launcher.classList.toggle("urgent", Boolean(alarm));
    this.launcher.textContent = alarm ? `${ALARMS[alarm]}. Open: ${name}` : name;
    this.section.hidden = !open || !styled;
    this.#help.replaceChildren(...(person ? [TO_SPEAK, ...person] : []));
  }

  /** Clears the screen at once. */
  cover() {
    this.#cover.showModal();
    this.section.remove();
  }

  /** Whether a key is the last Escape of those that leave; says how many are left. */
  escapes({ key, repeat, timeStamp }, begun) {
    if (key !== "Escape") this.#escapes = [];
    if (key !== "Escape" || repeat || !begun) return false;
    this.#escapes = this.#escapes.filter((at) => timeStamp - at < ESCAPES_WITHIN_MS);
    const left = ESCAPES - this.#escapes.push(timeStamp);
    if (left <= 0) return true;
    this.spoken.textContent = `Press Escape ${left} more ${left > 1 ? "times" : "time"} to exit this page.`;
    return false;
  }

  /** Puts text into the field. */
  fill(text) {
    this.field.value = text;
    this.#countLetters();
  }

  /** The letters that are too many; below 0, that are left. */
  get excess() {
    return this.field.value.length - LIMIT;
  }

  #countLetters() {
    const { excess } = this;
    const words = excess > 0 ? `${count(excess)} characters too many` : `${count(-excess)} characters left`;
    const near = this.field.value.length >= NEAR_LIMIT;
    this.#count.textContent = near ? words : "";
    this.#count.classList.toggle("over", excess > 0);
    // Spoken after a pause only, or it would talk over the typing.
    clearTimeout(this.#countTimer);
    this.#countTimer = setTimeout(() => {
      this.spoken.textContent = near ? words : "";
    }, 1000);
  }

  /** Says that something is going on. */
  wait(words) {
    this.status.replaceChildren(...inline(words), el("span", { class: "dots" }));
  }

  /** Says when the conversation closes, and offers to `stay`. */
  warn(minutes, until, stay) {
    const at = new Date(until).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const left = `${minutes} ${minutes > 1 ? "minutes" : "minute"}`;
    this.notice.replaceChildren(
      el("p", {}, `This conversation closes at ${at}, in ${left}.`),
      button("Stay in it", () => {
        this.field.focus();
        stay();
      }),
    );
  }

  /** Says whether there is a connection. */
  connection(online) {
    const words = online
      ? this.notice.textContent && !this.problem.textContent && "You are connected again."
      : "You are not connected. What you type stays here until you are.";
    this.notice.replaceChildren(...(words ? [el("p", {}, words)] : []));
  }

  /** Says what went wrong, and in `retry` what can be done: {name, act, person}. */
  complain(message, retry) {
    const kept = this.field.value ? "What you typed is still in the box." : null;
    this.problem.replaceChildren(el("p", {}, el("strong", {}, message), kept && ` ${kept}`));
    if (!retry) return;
    this.problem.append(
      el("p", {}, ...inline(STANDING)),
      ...(retry.person ? [el("p", {}, TO_SPEAK, ...retry.person)] : []),
      button(retry.name, () => {
        this.field.focus();
        retry.act();
      }),
    );
  }

  /** Keeps urgent advice in sight until it is acknowledged. */
  alarm({ card, text }) {
    // What they wrote themselves has no source, and is not said to them again.
    const steps = (card.sections?.[0]?.items ?? []).filter((item) => item.source);
    const lines = steps.map((item) => item.text);
    const first = lines.find((line) => plain(line) !== plain(card.title)) ?? text ?? "";
    const seen = button("I have seen this", () => {
      this.alert.replaceChildren();
      this.#act.acknowledge();
      this.field.focus();
    });
    this.alert.classList.toggle("today", card.kind === "same_day");
    this.alert.replaceChildren(
      el(
        "div",
        {},
        el("p", { class: "alert-title" }, ...inline(card.title)),
        ...blocks(first.split("\n")[0]),
      ),
      seen,
    );
  }
}
