/**
 * <escalation-guide>: the Escalation Guide's chat, for an intranet page.
 *
 *   <script type="module" src="…/widget/escalation-guide.js"></script>
 *   <escalation-guide heading="Escalation Guide" partnership="kent"></escalation-guide>
 *
 * Its attributes and events: docs/embedding.md. All modules are imported here, so that a browser
 * fetches them at the same time.
 */

import { printCard, unfold } from "./card.js";
import { Client, NO_ANSWER, Problem, TabStore } from "./client.js";
import { accentRule } from "./colours.js";
import { contact, exitAddress, Frame, leavePage, styleSheet } from "./frame.js";
import { OneTask } from "./one-task.js";
import { count } from "./text.js";
import { Transcript } from "./transcript.js";

const MINUTE_MS = 60_000;
const WARN_MS = 15 * MINUTE_MS;
const RENEW_MS = 60 * MINUTE_MS;
const BUSY =
  "The guide is very busy. Keep this page open: it sends this again by itself. If a child is in danger, call 999.";
const ENDED = "This conversation has ended because it was open for a long time.";
const GONE = "This conversation was deleted in another tab or window.";

class EscalationGuide extends HTMLElement {
  static observedAttributes = [
    ...["heading", "state", "mode", "theme", "accent"],
    ...["contact", "contact-phone", "contact-email"],
  ];
  /** Of all elements of a page: where storage is forbidden, it lasts as long as the page. */
  static #tabStore = new TabStore();

  #started = false;
  #styled = false;
  #stale = false;
  #store = EscalationGuide.#tabStore;
  #sheet = new CSSStyleSheet();
  #listening;
  #client;
  #frame;
  #transcript;
  #task;

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#listen();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#client.disconnect();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#frame || before === after) return;
    this.#dress();
    if (name === "state") this.#tell(this.open ? "open" : "close");
  }

  /** Whether it is open: as `state` says; without it, a floating guide begins closed. */
  get open() {
    return (this.getAttribute("state") ?? (this.#floating ? "closed" : "open")) !== "closed";
  }

  set open(open) {
    this.setAttribute("state", open ? "open" : "closed");
  }

  get #floating() {
    return this.getAttribute("mode") === "floating";
  }

  /** Tells the page what happened, and never what was said. */
  #tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(`guide-${what}`, { bubbles: true, composed: true, detail }));
  }

  #build() {
    const server = new URL(this.getAttribute("server") ?? "../", import.meta.url);
    this.#client = new Client(server, this.#store, this, () => this.#frame.wait(BUSY));
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [this.#sheet];
    if (this.#floating && this.#store.get().open) this.setAttribute("state", "open");
    this.#buildParts(root);
    this.#dress();
  }

  #listen() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (what, act) => window.addEventListener(what, act, { signal });
    on("keydown", (event) => {
      const begun = this.#client.talk && (this.open || this.#store.get().token);
      if (this.#frame.escapes(event, begun)) this.#leave();
    });
    on("online", () => this.#frame.connection(true));
    on("offline", () => this.#frame.connection(false));
    on("beforeprint", () => unfold(this.#transcript.scroller));
    const watch = setInterval(() => this.#watch(), MINUTE_MS / 4);
    signal.addEventListener("abort", () => clearInterval(watch));
    document.addEventListener("visibilitychange", () => this.#watch(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint(), {
      signal,
    });
    this.#client.connect((news) => this.#hear(news));
  }

  #buildParts(root) {
    const send = (text, shown, option) => {
      const act = () => this.#task.attempt(() => this.#send(text, shown, option), undefined, text);
      // Pressed twice, it is sent once.
      this.#task.next(act, text);
    };
    this.#transcript = new Transcript({
      send,
      save: (url, title) => this.#task.attempt(() => this.#save(url, title)),
      tell: (words) => this.#frame.status.replaceChildren(words),
      print: (node) => printCard(node, this.#frame.section, this.localName),
      urgent: (message) => this.#urgent(message),
    });
    this.#frame = new Frame(this.#transcript.scroller, {
      send,
      submit: () => this.#submit(),
      open: () => this.#openUp(),
      close: () => this.#close(),
      leave: () => this.#leave(),
      delete: () => this.#task.attempt(() => this.#delete()),
      acknowledge: () => this.#store.set({ alarm: undefined }),
    });
    const complain = (problem, again) => this.#complain(problem, again);
    this.#task = new OneTask(this.#frame, complain, () => this.#rested());
    const { section } = this.#frame;
    // A floating guide covers a small screen: it closes when the focus goes on to the page.
    section.addEventListener("focusout", ({ relatedTarget: to }) => {
      const covers = this.#floating && section.clientWidth > window.innerWidth - 32;
      if (covers && to && !this.shadowRoot.contains(to)) this.open = false;
    });
    const show = () => {
      this.#styled = true;
      this.#dress();
    };
    root.append(styleSheet(show), this.#frame.node);
  }

  #dress() {
    const { open } = this;
    this.#frame.dress({
      name: this.getAttribute("heading") || "Escalation Guide",
      open,
      styled: this.#styled,
      closable: this.#floating || this.hasAttribute("state"),
      alarm: this.#store.get().alarm,
      person: contact(this),
    });
    this.#paint();
    if (open && !this.#started) {
      this.#started = true;
      this.#task.attempt(() => this.#open());
    }
  }

  /** Gives the page's colour to what is pressed and marked. */
  #paint() {
    this.#sheet.replaceSync(accentRule(this));
  }

  #openUp() {
    this.open = true;
    this.#store.set({ open: true });
    this.#frame.heading.focus();
  }

  #close() {
    this.open = false;
    this.#store.set({ open: undefined });
    this.#frame.launcher.focus();
  }

  /** Clears the screen at once, has the conversation deleted, and goes to another page. */
  #leave(asked = true) {
    this.#frame.cover();
    if (asked) this.#client.leave();
    this.#store.set({ open: undefined });
    this.#store.drop();
    this.#tell("exit");
    leavePage(exitAddress(this));
  }

  /** What another tab with the same conversation did to it. */
  #hear({ what, talk }) {
    if (!this.#client.talk || talk !== this.#client.talk) return;
    if (what === "exit") this.#leave(false);
    else if (what === "gone") this.#lost(GONE);
    else this.#refresh();
  }

  /** Draws the conversation anew as the server has it: somebody went on with it elsewhere. */
  async #refresh() {
    if (this.#task.busy) {
      this.#stale = true;
      return;
    }
    await this.#task.quietly(async () => {
      try {
        const messages = await this.#client.history();
        const { scroller } = this.#transcript;
        const focused = scroller.contains(this.shadowRoot.activeElement);
        this.#wipe();
        if (messages.length) this.#replay(messages);
        else this.#lost(GONE);
        if (focused) scroller.focus();
      } catch (problem) {
        // What is on the screen stays. The next message tells what is wrong, if it still is.
        if (!(problem instanceof Problem)) throw problem;
      }
    });
  }

  /** Says before it happens that the conversation closes, and says it when it has. */
  #watch() {
    const { left, until } = this.#client;
    // While something is asked, the server itself says that it is too late.
    if (left <= 0 && !this.#task.busy) {
      this.#frame.notice.replaceChildren();
      this.#lost(ENDED);
    } else if (left > 0 && left <= WARN_MS && !this.#client.warned) {
      this.#client.warned = true;
      const minutes = Math.max(1, Math.round(left / MINUTE_MS));
      this.#frame.warn(minutes, until, () => this.#task.attempt(() => this.#renew()));
    }
  }

  async #renew() {
    await this.#client.renew();
    this.#frame.notice.replaceChildren();
    return "The conversation stays open.";
  }

  /** The conversation is over without a word of the person's. */
  #lost(why) {
    if (this.#store.get().talk === this.#client.talk) this.#store.drop();
    this.#client.talk = null;
    if (why === GONE) this.#wipe();
    this.#complain(new Problem(401, why));
  }

  #wipe() {
    this.#transcript.wipe();
    this.#frame.alert.replaceChildren();
    this.#frame.problem.replaceChildren();
  }

  /** Carries on with this tab's conversation, or begins one. */
  async #open() {
    const { past } = this.#transcript;
    const { token, talk } = this.#store.get();
    if (!token) return this.#begin(past);
    try {
      const messages = await this.#client.history();
      // Nothing is left of a conversation that was deleted.
      if (!messages.length) return await this.#begin(past);
      this.#client.talk = talk;
      this.#replay(messages);
    } catch (problem) {
      if (![401, 403, 404].includes(problem.status)) throw problem;
      await this.#begin(past);
    }
    this.#tell("ready");
  }

  async #begin(place) {
    this.#store.drop();
    this.#frame.alert.replaceChildren();
    const partnership = this.getAttribute("partnership")?.trim() || undefined;
    const messages = await this.#client.begin(partnership, ({ code, message }) =>
      this.#tell("problem", { code, message }),
    );
    this.#frame.notice.replaceChildren();
    this.#transcript.retire();
    this.#transcript.answer(messages, place);
    this.#tell("ready");
  }

  #replay(messages) {
    this.#transcript.replay(messages);
    const { alarm } = this.#store.get();
    const unseen = messages.findLast(({ card }) => card && card.kind === alarm);
    if (unseen) this.#alarm(unseen);
  }

  async #delete() {
    await this.#client.delete();
    this.#client.share("gone");
    this.#wipe();
    this.#store.drop();
    this.#tell("deleted");
    await this.#begin(this.#transcript.past);
    return "The conversation is deleted. A new one has begun.";
  }

  /** Sends text, which stands in the log as `shown`, and draws what the guide says to it. */
  async #send(text, shown, option) {
    const transcript = this.#transcript;
    const own = transcript.say(shown, transcript.log);
    try {
      if (!this.#store.get().token) await this.#begin(transcript.log);
      const messages = await this.#client.send(text);
      transcript.choose(option ?? transcript.matching(shown));
      transcript.answer(messages, transcript.log);
      this.#client.share("said");
      // Who is in the middle of a conversation is not asked whether to stay in it. Where that
      // fails, the person is asked in good time.
      if (this.#client.left <= RENEW_MS) this.#renew().catch(() => {});
      if (!this.#client.warned) this.#frame.notice.replaceChildren();
    } catch (problem) {
      own.remove();
      throw problem;
    }
  }

  async #save(url, title) {
    await this.#client.save(url);
    return `Saved: ${title}.`;
  }

  #submit() {
    const typed = this.#frame.field.value;
    if (!typed.trim()) return;
    if (this.#task.busy) {
      // What was typed on is not sent.
      this.#task.next(() => this.#frame.field.value === typed && this.#submit());
      return;
    }
    const { excess } = this.#frame;
    if (excess > 0) {
      this.#complain(new Problem(413, `Your message is ${count(excess)} characters too long.`));
      return;
    }
    this.#frame.fill("");
    const send = () =>
      this.#send(typed, typed).catch((problem) => {
        this.#frame.fill([typed, this.#frame.field.value].filter(Boolean).join("\n"));
        throw problem;
      });
    this.#task.attempt(send, () => this.#submit());
  }

  /** Nothing is going on any more: what another tab changed meanwhile is drawn. */
  #rested() {
    if (!this.#task.busy && this.#stale) {
      this.#stale = false;
      this.#refresh();
    }
    this.#watch();
  }

  /** Says what went wrong; what is wrong with the message itself is not tried again. */
  #complain(problem, again) {
    const message = problem instanceof Problem ? problem.message : NO_ANSWER;
    this.#tell("problem", { code: problem.code ?? null, message: problem.message });
    const theirs = [400, 410, 413].includes(problem.status);
    const over = problem.status === 401;
    const retry = {
      name: over ? "Start a new conversation" : "Try again",
      act: over ? () => this.#task.attempt(() => this.#begin(this.#transcript.log)) : again,
      person: contact(this),
    };
    this.#frame.complain(message, theirs ? null : retry);
  }

  /** Tells of urgent advice. What is told of an emergency stays until it is acknowledged. */
  #urgent(message) {
    const { kind } = message.card;
    this.#tell("urgent", { kind });
    if (kind === "emergency" || this.#store.get().alarm !== "emergency") this.#alarm(message);
  }

  #alarm(message) {
    this.#store.set({ alarm: message.card.kind });
    this.#frame.alarm(message);
  }
}

if (!customElements.get("escalation-guide")) {
  // As a length, it is worked out once where it is set, not at each use.
  CSS.registerProperty?.({
    name: "--eg-unit",
    syntax: "<length>",
    inherits: true,
    initialValue: "16px",
  });
  customElements.define("escalation-guide", EscalationGuide);
}
