/** Does one thing at a time, and what the person did meanwhile when that is done. */

import { Problem } from "./client.js";

const SLOW_MS = 8_000;

/** `complain` hears what went wrong and what tries it again; `ended`, that nothing goes on. */
export class OneTask {
  /** What is being done, by its name, or true. */
  busy = false;
  #due;
  #frame;
  #complain;
  #ended;

  constructor(frame, complain, ended) {
    this.#frame = frame;
    this.#complain = complain;
    this.#ended = ended;
  }

  /** Does it now, or else next. Asked for twice by one name, it is done once. */
  next(act, name) {
    if (!this.busy) act();
    else if (this.busy !== name) this.#due = act;
  }

  /** Says that it is going on; a task may return words to say when it is done. */
  async attempt(task, again = () => this.attempt(task), name = true) {
    if (this.busy) return;
    const { problem: trouble, status } = this.#frame;
    trouble.replaceChildren();
    this.#frame.wait("The guide is answering");
    const slow = setTimeout(() => {
      this.#frame.wait("This takes longer than usual. If a child is in danger, call 999.");
    }, SLOW_MS);
    await this.quietly(async () => {
      try {
        const done = await task();
        status.replaceChildren(...(done ? [done] : []));
      } catch (problem) {
        status.replaceChildren();
        this.#due = undefined;
        this.#complain(problem, again);
        if (!(problem instanceof Problem)) throw problem;
      } finally {
        clearTimeout(slow);
      }
    }, name);
  }

  /** Does it without a word. */
  async quietly(task, name = true) {
    this.busy = name;
    try {
      await task();
    } finally {
      this.busy = false;
      const due = this.#due;
      this.#due = undefined;
      due?.();
      this.#ended();
    }
  }
}
