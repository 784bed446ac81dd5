/** The session with the server: requests, sending again, what the tab keeps. */

const STORED = "escalation-guide";
const PATIENCE_MS = 60_000;
/** How often what was refused because the guide is busy is sent again, and the usual wait. */
const MOST_TRIES = 6;
const BUSY_SECONDS = 5;
const UNREACHABLE = "The guide cannot be reached just now.";
const SIGN_IN = "You are not signed in. Sign in to your intranet, then try again here: nothing is lost.";
export const NO_ANSWER = "The guide is not working just now: it gave no answer.";

/** 128 random bits in letters; crypto.randomUUID is not there on plain http. */
const randomName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** What went wrong, in words for the person; status 0 is the network, `after` seconds to wait. */
export class Problem extends Error {
  constructor(status, message, code, after) {
    super(message);
    this.status = status;
    this.code = code;
    this.after = after;
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
  const after = Number(response.headers.get("Retry-After")) || BUSY_SECONDS;
  throw new Problem(response.status, answer?.message ?? UNREACHABLE, code, after);
}

/**
 * What outlives a page, for as long as the tab: the token and when it ends, a random name of the
 * conversation that tells two tabs of it that they are two, whether an emergency still has to be
 * acknowledged, and whether the guide is open. Never a word of what was said.
 */
export class TabStore {
  #memory = "{}";

  /** What is stored: token, until, talk, alarm, open. */
  get() {
    let stored = this.#memory;
    try {
      stored = sessionStorage.getItem(STORED);
    } catch {
      // Storage is forbidden: it lasts as long as the page, and a reload begins anew.
    }
    return JSON.parse(stored ?? "{}");
  }

  /** Changes some of it. */
  set(changes) {
    this.#memory = JSON.stringify({ ...this.get(), ...changes });
    try {
      sessionStorage.setItem(STORED, this.#memory);
    } catch {
      // Kept above.
    }
  }

  /** Forgets the conversation; whether the guide is open stays. */
  drop() {
    this.set({ token: undefined, until: undefined, talk: undefined, alarm: undefined });
  }
}

/** A conversation with the server, as the person whom `page.signIn` gives a token for. */
export class Client {
  /** Its random name, once it has begun or been taken up again. */
  talk = null;
  /** Whether the person was told that it closes soon. */
  warned = false;
  #server;
  #store;
  #page;
  #person;
  #unsure = null;
  #onBusy;
  #tabs;

  /** `onBusy` is called when the guide is busy and what was sent will be sent again. */
  constructor(server, store, page, onBusy) {
    this.#server = server;
    this.#store = store;
    this.#page = page;
    this.#onBusy = onBusy;
  }

  /** When it closes, if that is known. */
  get until() {
    return this.#store.get().until;
  }

  /** The milliseconds until then, or NaN. */
  get left() {
    return this.#token ? this.until - Date.now() : NaN;
  }

  /** What was said so far. */
  async history() {
    return (await this.#call("history")).messages;
  }

  /** Begins it, for the partnership if the guide knows that, and gives the first messages. */
  async begin(partnership, onUnknown) {
    const session = await this.#session(partnership, onUnknown);
    this.#keep(session);
    this.talk = randomName();
    this.#store.set({ talk: this.talk });
    return session.messages;
  }

  /** Makes it last longer. */
  async renew() {
    const answer = await this.#ask(this.#address("session"), { method: "PUT" });
    this.#keep(await answer.json());
  }

  /** Deletes it, where it has begun. */
  async delete() {
    if (this.#token) await this.#ask(this.#address("session"), { method: "DELETE" });
  }

  /** Hears what other tabs do. */
  connect(hear) {
    if (!window.BroadcastChannel) return;
    this.#tabs = new BroadcastChannel(STORED);
    this.#tabs.addEventListener("message", ({ data }) => hear(data));
  }

  /** Stops that. */
  disconnect() {
    this.#tabs?.close();
  }

  /** Tells the other tabs of this conversation what happened to it. */
  share(what) {
    if (this.talk) this.#tabs?.postMessage({ what, talk: this.talk });
  }

  /** Deletes it while the page is left. A saved case stays: its code is the way back to it. */
  leave() {
    this.share("exit");
    const how = { method: "DELETE", keepalive: true, token: this.#token, person: this.#person };
    if (how.token) ask(this.#address("session?keep=case"), how).catch(() => {});
  }

  /** Sends a message and gives what the guide says to it. */
  async send(text) {
    // What perhaps arrived is sent again under its own name, so that it is not taken twice.
    const id = this.#unsure?.text === text ? this.#unsure.id : randomName();
    this.#unsure = { text, id };
    const body = JSON.stringify({ text, id });
    const { messages } = await this.#call("message", { method: "POST", body });
    this.#unsure = null;
    if (!messages.length) throw new Problem(502, NO_ANSWER);
    return messages;
  }

  /** Fetches a file that was offered and has the browser save it under its own name. */
  async save(url) {
    // The address is the guide's own, wherever the guide lies on its server.
    const address = new URL(url.replace(/^\/+/, ""), this.#server);
    if (address.origin !== this.#server.origin) throw new Problem(404, NO_ANSWER);
    const response = await this.#ask(address);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = address.pathname.split("/").pop();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS);
  }

  get #token() {
    return this.#store.get().token;
  }

  #address(path) {
    return new URL(`webhooks/web/${path}`, this.#server);
  }

  /** The token for the person is kept nowhere but in `#person`, for when the page is left. */
  async #ask(url, options) {
    const token = this.#token;
    if (this.#page.signIn) {
      try {
        const late = new Promise((_, no) => setTimeout(no, PATIENCE_MS));
        this.#person = await Promise.race([this.#page.signIn(), late]);
      } catch {
        throw new Problem(0, SIGN_IN, "sign_in");
      }
    }
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask(url, { token, ...options, person: this.#person });
      } catch (problem) {
        // A busy guide has read and kept nothing, so that it can be sent again as it is.
        if (problem.code !== "busy" || tries === MOST_TRIES) throw problem;
        this.#onBusy();
        // Not all at the same moment.
        const wait = problem.after * (1 + Math.random()) * 1000;
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  async #call(path, options) {
    const response = await this.#ask(this.#address(path), options);
    const answer = await response.json().catch(() => null);
    if (!answer?.messages) throw new Problem(502, NO_ANSWER);
    return answer;
  }

  async #session(partnership, onUnknown) {
    const begin = (body) =>
      this.#call("session", { method: "POST", body: JSON.stringify(body) });
    try {
      return await begin({ partnership });
    } catch (problem) {
      if (problem.code !== "partnership_unknown") throw problem;
      // The page's mistake must not stand between a person and the guide: it asks instead.
      onUnknown(problem);
      return begin({});
    }
  }

  #keep({ token, lasts }) {
    this.warned = false;
    this.#store.set({ token, until: lasts ? Date.now() + lasts * 1000 : undefined });
  }
}
