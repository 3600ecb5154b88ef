const WORDS = new Map([[0, "irrelevant"], [1, "partially relevant"], [2, "relevant"]]);
const PHASES = { waiting: "waiting", writing: "judging", stopped: "stopped", failed: "failed" };
const KINDS = { reasoning: "Reasoning", evidence: "Evidence" };
const SOURCES = {
  stated: "label stated by the model",
  inferred: "label inferred from the words",
  forced: "label forced: the explanation was cut",
  defaulted: "no label could be read: lowest assumed",
};
const ENDINGS = { length: "explanation cut at its token limit", deadline: "explanation cut at the deadline" };

/** An element with a class and children; strings become text, never markup. */
export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** "relevant"; label sets other than 0, 1, 2 have no words. */
export function labelWord(label, labels) {
  return labels.length === 3 && WORDS.has(label) ? WORDS.get(label) : `of ${labels.at(-1)}`;
}

/** The colour class of a label: its place among the labels, in words. */
function grade(label, labels) {
  if (label === labels[0]) return "low";
  return label === labels.at(-1) ? "high" : "middle";
}

export function count(tokens) {
  return `${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}`;
}

/** One document's place on the page. */
export class Card {
  constructor(index, text) {
    this.rank = element("span", "rank", "–");
    this.chip = element("span", "chip", PHASES.waiting);
    this.bar = element("span", "bar");
    this.number = element("span", "number");
    this.score = element("span", "score", element("span", "track", this.bar), this.number);
    this.score.hidden = true;
    this.kind = element("h4", "kind");
    this.words = document.createTextNode("");
    this.explanation = element("p", "explanation", this.words);
    this.why = element("div", "why", this.kind, this.explanation);
    this.why.hidden = true;
    this.text = element("p", "text", text);
    this.text.id = `text-${index}`;
    this.more = this.#moreButton(index);
    this.facts = element("p", "facts");
    const name = element("h3", "name", `Document ${index + 1}`);
    name.id = `name-${index}`;
    this.element = element("li", "card waiting",
      element("div", "head", this.rank, name, this.chip, this.score), this.why, this.text, this.more, this.facts);
    this.element.dataset.index = index;
    this.element.setAttribute("aria-labelledby", name.id);
  }

  /** Long documents show four lines until asked for more. Call it once the card has a width, and when that changes. */
  fit() {
    if (this.more.getAttribute("aria-expanded") === "true") return;
    this.more.hidden = this.text.scrollHeight <= this.text.clientHeight + 1;
  }

  /** Its place among the judged documents, or null. */
  place(rank) {
    const text = rank === null ? "–" : String(rank);
    if (this.rank.textContent !== text) this.rank.textContent = text;
  }

  append(delta) {
    this.why.hidden = false;
    this.words.appendData(delta);
  }

  /** Shows what a run knows of the document. */
  update({ phase, explanation, rank, result, failure, attempt }, kind, isFinal) {
    if (this.words.data !== explanation) this.words.data = explanation;
    this.why.hidden = explanation === "";
    this.kind.textContent = KINDS[result?.explanation_kind ?? kind] ?? "Explanation";
    const judged = phase === "judged" ? grade(result.label, result.labels) : "";
    this.element.className = `card ${phase} ${judged}`.trimEnd();
    this.chip.textContent = judged ? `${result.label} ${labelWord(result.label, result.labels)}` : PHASES[phase];
    this.score.hidden = !judged;
    if (judged) this.#showScore(result.relevance_score);
    const left = isFinal && phase === "judged" && rank === null;
    this.element.classList.toggle("left-out", left);
    const facts = judged ? resultFacts(result) : failure ? [failure.message ?? failure.code] : [];
    if (left) facts.unshift("below the best that were asked for: not in the answer");
    if (attempt > 1) facts.push(`restarted, attempt ${attempt}`);
    this.facts.replaceChildren(...facts.map((fact) => element("span", "", fact)));
  }

  #showScore(score) {
    this.bar.style.setProperty("--score", Math.min(1, Math.max(0, score)));
    this.number.replaceChildren(element("span", "unseen", "score "), score.toFixed(3));
  }

  #moreButton(index) {
    const button = element("button", "more", "Show all");
    button.type = "button";
    button.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", this.text.id);
    button.setAttribute("aria-label", `Show all of document ${index + 1}`);
    button.addEventListener("click", () => {
      const open = this.text.classList.toggle("open");
      button.textContent = open ? "Show less" : "Show all";
      button.setAttribute("aria-label", `${button.textContent} of document ${index + 1}`);
      button.setAttribute("aria-expanded", String(open));
    });
    return button;
  }
}

function resultFacts(result) {
  const facts = [];
  if (result.truncated) facts.push("document cut to fit");
  // Nobody writes a label where text is only quoted.
  const source = result.explanation_kind === "evidence" ? undefined : SOURCES[result.label_source];
  if (source) facts.push(source);
  if (ENDINGS[result.finish_reason]) facts.push(ENDINGS[result.finish_reason]);
  const { labels = [], label_probabilities: probabilities = [], usage } = result;
  const spread = labels.map((label, i) => `P(${label}) ${probabilities[i]?.toFixed(2)}`).join("  ");
  if (probabilities.length) facts.push(spread);
  if (usage?.cache_hits && !usage.total_tokens) {
    facts.push("known from before");
  } else if (usage) {
    const shared = usage.cached_tokens ? ` (${usage.cached_tokens.toLocaleString("en")} shared)` : "";
    facts.push(`${count(usage.prompt_tokens)} read${shared}`);
    if (usage.completion_tokens) facts.push(`${usage.completion_tokens.toLocaleString("en")} written`);
  }
  return facts;
}
