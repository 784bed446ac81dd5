/** What was said: messages, and buttons to answer with. */

import { drawCard, drawFile } from "./card.js";
import { blocks, button, el, plain } from "./text.js";

const isAnswer = ({ payload }) => payload.startsWith("answer:");

/** A question that is answered, or that another has followed, can no longer be answered. */
function closeQuestion(turn) {
  for (const { node } of turn.filter(isAnswer)) {
    // Disabling the button that has the focus would lose the focus.
    if (node.classList.contains("chosen")) node.setAttribute("aria-disabled", "true");
    else node.disabled = true;
  }
}

/** The conversation's view. Presses, and urgent advice that is new, go to `act`. */
export class Transcript {
  // What is said on arrival is not read out: it is on the page already. New turns are.
  past = el("div", { class: "past" });
  log = el("div", { role: "log", "aria-live": "polite", "aria-label": "New messages" });
  scroller = el(
    "div",
    { class: "scroller", role: "group", "aria-label": "Conversation", tabindex: "0" },
    this.past,
    this.log,
  );
  /** The buttons shown, a list for each of the guide's turns: {title, payload, node}. */
  #turns = [];
  #unanswered = [];
  #act;

  constructor(act) {
    this.#act = act;
  }

  /** Clears the screen of the conversation. */
  wipe() {
    this.past.replaceChildren();
    this.log.replaceChildren();
    this.#turns = [];
    this.#unanswered = [];
  }

  /** Leaves it to be read only, when another conversation begins. */
  retire() {
    for (const { node } of this.#turns.flat()) node.disabled = true;
    this.#turns = [];
    this.#unanswered = [];
  }

  /** Draws what the person says, and returns the element. */
  say(text, place) {
    const words = el("p", { class: "words", dir: "auto" }, text);
    const node = el("div", { class: "message person" }, el("p", { class: "from" }, "You"), words);
    place.append(node);
    this.reveal(node);
    return node;
  }

  /** Draws one turn of the guide. */
  answer(messages, place) {
    const asked = messages.flatMap(({ buttons }) => buttons ?? []);
    if (asked.some(isAnswer)) this.#unanswered.splice(0).forEach(closeQuestion);
    const turn = [];
    this.#turns.push(turn);
    this.#unanswered.push(turn);
    const drawn = messages.map((message, i) => {
      const urgent = ["emergency", "same_day"].includes(message.card?.kind);
      if (urgent && place === this.log) this.#act.urgent(message);
      return this.#draw(message, turn, i);
    });
    place.append(...drawn);
    if (drawn.length) this.reveal(drawn[0]);
  }

  /** Draws what was said before, marking the buttons that were chosen. */
  replay(messages) {
    let heard = [];
    const draw = () => {
      if (heard.length) this.answer(heard, this.past);
      heard = [];
    };
    for (const message of messages) {
      if (message.from !== "person") {
        heard.push(message);
        continue;
      }
      draw();
      this.choose(this.#match(message.text, this.#turns));
      this.say(message.text, this.past);
    }
    draw();
  }

  /** Marks a button as chosen. */
  choose(option) {
    if (!option || option.node.classList.contains("chosen")) return;
    option.node.classList.add("chosen");
    option.node.append(" ", el("span", { class: "tick" }, "Chosen"));
    if (isAnswer(option)) closeQuestion(this.#turns.find((turn) => turn.includes(option)) ?? []);
  }

  /** The button of the guide's last turn that these words stand for, or null. */
  matching(words) {
    return this.#match(words, this.#turns.slice(-1));
  }

  /** Brings a message to the top of the conversation's view, or as near as it goes. */
  reveal(node) {
    const inFlow = getComputedStyle(this.scroller).overflowY === "visible";
    if (!inFlow) {
      this.scroller.scrollTo({ top: node.offsetTop - 8 });
    } else if (this.log.contains(node)) {
      // Where the page scrolls, the bar and the alarm lie over its top.
      const stuck = this.scroller.parentElement?.querySelector(".top")?.offsetHeight ?? 0;
      this.scroller.style.setProperty("--eg-stuck", `${stuck}px`);
      node.scrollIntoView({ block: "start" });
    }
  }

  #draw({ text, card, buttons, files }, turn, goesOn) {
    const links = (files ?? []).map((file) => drawFile(file, this.#act.save));
    // The two buttons that go with what to do stand below it, so that nobody has to scroll for them.
    const first = card?.stages?.length ? 2 : 0;
    const beside = this.#drawButtons(buttons?.slice(0, first), turn);
    return el(
      "div",
      { class: "message" },
      el("p", { class: goesOn ? "from unseen" : "from" }, "Guide"),
      // The text says what the card shows, for channels that have no cards.
      ...(card?.title ? [drawCard(card, (text ?? "").replaceAll("**", ""), this.#act, beside)] : blocks(text ?? "")),
      links.length ? el("ul", { class: "files", "aria-label": "Files" }, ...links) : null,
      this.#drawButtons(buttons?.slice(first), turn),
    );
  }

  #drawButtons(buttons, turn) {
    if (!buttons?.length) return null;
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

  #press(option) {
    if (option.node.getAttribute("aria-disabled") === "true") return;
    this.#act.send(option.payload, option.title, option);
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
}
