/**
 * Server-sent events from bytes, as the HTML standard parses them. EventSource itself cannot POST.
 *
 * Chunks may end anywhere: inside a character, between CR and LF, inside a field. An event that the stream's end cuts
 * off is dropped, as the standard demands.
 */
export class SseParser {
  #decoder = new TextDecoder();
  #rest = "";
  #skipLineFeed = false;
  #type = "";
  #data = [];

  /** Takes the next bytes and returns the events that they complete: `{type, data}`. */
  push(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    if (this.#skipLineFeed && text[0] === "\n") text = text.slice(1);
    this.#skipLineFeed = text.endsWith("\r");
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return [];
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    return [];
  }

  #dispatch() {
    const event = { type: this.#type || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    return empty ? [] : [event];
  }
}

/** The events of a response body, as they arrive. */
export async function* events(body) {
  const parser = new SseParser();
  const reader = body.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield* parser.push(chunk.value);
  } finally {
    // Whoever stops listening early lets the server know; a stream that is over, or broken, has nothing to cancel.
    reader.cancel().catch(() => {});
  }
}
