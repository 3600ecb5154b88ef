/**
 * What is known of one request while its events arrive: data, no elements.
 *
 * A document is `waiting`, `writing`, then `judged`, `failed` or `stopped`.
 */
export class Run {
  documents;
  answer = null;
  error = null;

  constructor(texts) {
    this.documents = texts.map((text, index) => ({
      index, text, phase: "waiting", explanation: "", rank: null, result: null, failure: null, attempt: 1,
    }));
  }

  /** Takes one event in and returns the documents that it changed. */
  apply(type, data) {
    if (type === "rerank.completed") return this.#complete(data);
    if (type === "error") this.error = data;
    const document = this.documents[data.index];
    if (!document) return [];
    switch (type) {
      case "document.started":
        document.phase = "writing";
        break;
      case "explanation.delta":
        document.explanation += data.delta;
        break;
      case "document.restarted":
        Object.assign(document, { phase: "waiting", explanation: "", attempt: data.attempt });
        break;
      case "document.completed":
        judge(document, data);
        this.#place(document, data.rank);
        break;
      case "document.failed":
        Object.assign(document, { phase: "failed", failure: data });
        break;
      default:
        return [];
    }
    return [document];
  }

  /** The documents in the order of what is known: judged by rank, then those at work, then the rest. */
  order() {
    const phases = ["judged", "writing", "waiting", "stopped", "failed"];
    const byAnswer = (document) => document.rank ?? Infinity;
    return [...this.documents].sort((a, b) =>
      compare(byAnswer(a), byAnswer(b)) || phases.indexOf(a.phase) - phases.indexOf(b.phase)
        || a.index - b.index);
  }

  /** How many documents have their label or will never have one. */
  done() {
    return this.documents.filter(({ phase }) => phase === "judged" || phase === "failed").length;
  }

  /** Nothing more will come: what is unfinished stays so. */
  stop() {
    const unfinished = this.documents.filter(({ phase }) => phase === "waiting" || phase === "writing");
    for (const document of unfinished) document.phase = "stopped";
    return unfinished;
  }

  /** Scores may move with each document that is judged, so the order is what the events say, not what scores said. */
  #place(document, rank) {
    const judged = this.order().filter((other) => other.rank !== null && other !== document);
    judged.splice(rank - 1, 0, document);
    judged.forEach((each, i) => { each.rank = i + 1; });
  }

  #complete(answer) {
    this.answer = answer;
    for (const document of this.documents) document.rank = null;
    answer.results.forEach((result, i) => {
      const document = this.documents[result.index];
      if (result.error) Object.assign(document, { phase: "failed", failure: result.error });
      else judge(document, result);
      document.rank = i + 1;
    });
    return this.documents;
  }
}

function judge(document, result) {
  Object.assign(document, { phase: "judged", result, explanation: result.explanation ?? document.explanation });
}

/** Unlike a difference, right for two infinities. */
function compare(a, b) {
  return a === b ? 0 : a < b ? -1 : 1;
}
