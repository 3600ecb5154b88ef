import { Card, count, element, labelWord } from "./card.js";

const NOTICES = {
  evidence: "This model extracts evidence: it quotes the sentences that speak for its label. It does not reason.",
  reasoning: "This model reasons in writing before it labels. Its text is an argument to check, not a proof.",
};
const LAB_NOTICE = "This is the laboratory’s tiny model: 0.9 million parameters that reason only in their generated world"
  + " of who ships to whom. It walks a route link by link and then labels. It knows nothing else; any other question"
  + " gets nonsense.";
const ANIMATED_CARDS = 100;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const byId = (id) => document.getElementById(id);

/** The right-hand side of the page: status, notice, cards, problem, sums. */
export class View {
  #cards = [];
  #kind = null;
  #notices = NOTICES;
  #list = byId("cards");

  constructor() {
    addEventListener("resize", () => this.#cards.forEach((card) => card.fit()));
  }

  /** Shows the model in the header; kind is null if the server did not say. */
  model(name, kind, isLab = false) {
    if (isLab) this.#notices = { ...NOTICES, reasoning: LAB_NOTICE };
    byId("model").textContent = name;
    this.kind(kind);
  }

  /** Says once, plainly, what the explanations are. */
  kind(kind) {
    if (!(kind in NOTICES)) return;
    this.#kind = kind;
    byId("kind").textContent = kind;
    byId("kind").hidden = false;
    byId("notice").textContent = this.#notices[kind];
    byId("notice").hidden = false;
  }

  start(run) {
    this.#cards = run.documents.map(({ index, text }) => new Card(index, text));
    this.#list.replaceChildren(...this.#cards.map((card) => card.element));
    this.#cards.forEach((card) => card.fit());
    byId("empty").hidden = true;
    byId("problem").hidden = true;
    byId("summary").hidden = true;
    byId("progress").max = run.documents.length;
    this.progress(run);
  }

  append(index, delta) {
    this.#cards[index].append(delta);
  }

  update(run, changed) {
    for (const each of changed) {
      if (each.result?.explanation_kind) this.kind(each.result.explanation_kind);
      this.#cards[each.index].update(each, this.#kind, run.answer !== null);
    }
    this.#reorder(run.order());
  }

  progress(run) {
    byId("progress").hidden = false;
    byId("progress").value = run.done();
    this.status(`${run.done()} of ${run.documents.length} judged`);
  }

  status(text) {
    byId("status").textContent = text;
  }

  /** Nothing moves any more; `status` stands in for an answer that never came. */
  end(run, status) {
    byId("progress").hidden = true;
    this.status(run.answer ? outcome(run.answer) : status);
    if (run.answer) this.#summary(run.answer);
  }

  /** No document was accepted: the problem says so once, cards would say it again. */
  clear() {
    this.#cards = [];
    this.#list.replaceChildren();
    this.status("");
  }

  problem({ title, message, errors = [], retryAfter, requestId }) {
    const box = byId("problem");
    box.replaceChildren(element("strong", "", title ?? "The request failed"));
    if (message !== title) box.append(element("p", "", message));
    if (errors.length) {
      box.append(element("ul", "", ...errors.map(({ field, message: text }) =>
        element("li", "", element("code", "", field || "request"), ` ${text}`))));
    }
    if (retryAfter != null) box.append(element("p", "", `Try again in ${retryAfter} s.`));
    if (requestId) box.append(element("p", "hint", `Request ${requestId}`));
    box.hidden = false;
  }

  /** Moves cards to their places: first, last, invert, play. A focused control keeps the focus. */
  #reorder(documents) {
    for (const { index, phase, rank } of documents) this.#cards[index].place(phase === "judged" ? rank : null);
    const wanted = documents.map(({ index }) => this.#cards[index].element);
    if (wanted.every((card, i) => card === this.#list.children[i])) return;
    const animated = !calm.matches && wanted.length <= ANIMATED_CARDS;
    const before = animated ? wanted.map((card) => card.getBoundingClientRect().top) : [];
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    wanted.forEach((card, i) => {
      if (this.#list.children[i] !== card) this.#list.insertBefore(card, this.#list.children[i]);
    });
    focused?.focus({ preventScroll: true });
    if (!animated) return;
    // A move that is under way would falsify where the card comes to rest.
    wanted.forEach((card) => card.getAnimations().forEach((animation) => animation.cancel()));
    const shifts = wanted.map((card, i) => before[i] - card.getBoundingClientRect().top);
    wanted.forEach((card, i) => {
      if (shifts[i] !== 0) slide(card, shifts[i]);
    });
  }

  #summary({ usage, timings, meta }) {
    const figures = element("dl", "figures");
    const add = (name, value) => figures.append(element("div", "", element("dt", "", name), element("dd", "", value)));
    if (timings) {
      add("queue", duration(timings.queue_ms));
      add("first token", duration(timings.first_token_ms));
      add("total", duration(timings.total_ms));
    }
    if (usage) {
      add("read", count(usage.prompt_tokens));
      if (usage.cached_tokens) add("of it shared", count(usage.cached_tokens));
      add("written", count(usage.completion_tokens));
      if (usage.cache_hits) add("known before", usage.cache_hits.toLocaleString("en"));
    }
    const warnings = (meta?.warnings ?? []).map((warning) => element("p", "warning", String(warning)));
    byId("summary").replaceChildren(figures, ...warnings);
    byId("summary").hidden = false;
  }
}

/** Lets a card glide in from `shift` pixels below its place; risers pass over those that give way. */
function slide(card, shift) {
  const zIndex = shift > 0 ? 1 : 0;
  const frames = { transform: [`translateY(${shift}px)`, "none"], zIndex: [zIndex, zIndex] };
  card.animate(frames, { duration: 300, easing: "ease-out" });
}

function outcome({ results }) {
  const judged = results.filter((result) => !result.error);
  if (judged.length === 0) return "No document could be judged";
  const failed = results.length - judged.length;
  const best = judged[0];
  const ranked = `${judged.length} ranked${failed ? `, ${failed} failed` : ""}`;
  return `${ranked}; best is document ${best.index + 1} (${best.label} ${labelWord(best.label, best.labels)})`;
}

function duration(ms) {
  if (ms == null) return "–";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
