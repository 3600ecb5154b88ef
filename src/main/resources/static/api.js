import { events } from "./sse.js";

/** A refusal or a failure, ready to be shown: the fields of an RFC 9457 problem and how long to wait. */
export class Problem extends Error {
  constructor({ status = 0, title, detail, code, errors = [], request_id: requestId }, retryAfter = null) {
    super(detail || title || "The request failed.");
    Object.assign(this, { status, title, code, errors, requestId, retryAfter });
  }

  static async of(response) {
    const retryAfter = seconds(response.headers.get("Retry-After"));
    const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
    const body = isJson ? await response.json().catch(() => ({})) : {};
    const title = body.title ?? `HTTP ${response.status} ${response.statusText}`.trim();
    return new Problem({ ...body, title, status: response.status }, retryAfter);
  }
}

/** Retry-After is a number of seconds or a date. */
function seconds(header) {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const wait = (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(wait) ? null : Math.max(0, Math.ceil(wait));
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Problem({ title: "No connection", detail: "The server cannot be reached. Is it still running?" });
  }
  if (!response.ok) throw await Problem.of(response);
  return response;
}

function headers(key, more) {
  return key ? { ...more, Authorization: `Bearer ${key}` } : more;
}

/** The first served model, as `/v1/models` describes it. */
export async function servedModel(key) {
  const response = await request("/v1/models", { headers: headers(key, { Accept: "application/json" }) });
  const list = await response.json();
  return list.data?.[0] ?? null;
}

/** The JSON text of a rerank request; the page sends it and shows it, letter by letter the same. */
export function rerankBody({ query, documents, explain, topN, maxExplanationTokens }) {
  const body = { query, documents, explain, stream: true };
  if (topN !== null) body.top_n = topN;
  if (maxExplanationTokens !== null) body.max_explanation_tokens = maxExplanationTokens;
  return JSON.stringify(body, null, 2);
}

const RERANK_HEADERS = { "Content-Type": "application/json", Accept: "text/event-stream" };

/** Sends a rerank request and yields `{type, data}` with parsed data until the stream ends. */
export async function* rerank(body, key, signal) {
  const options = { method: "POST", headers: headers(key, RERANK_HEADERS), body, signal };
  const response = await request("/v1/rerank", options);
  try {
    for await (const { type, data } of events(response.body)) yield { type, data: JSON.parse(data) };
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Problem({ title: "Connection lost", detail: "The answer broke off before the ranking was complete." });
  }
}

/** The same request for a shell. A key is named, not shown. */
export function curl(body, hasKey, origin) {
  const shellHeaders = Object.entries(RERANK_HEADERS).map(([name, value]) => `-H '${name}: ${value}'`);
  if (hasKey) shellHeaders.push('-H "Authorization: Bearer $WHYRANK_API_KEY"');
  const quoted = `'${body.replaceAll("'", "'\\''")}'`;
  return [`curl -N ${origin}/v1/rerank`, ...shellHeaders, `--data-binary ${quoted}`].join(" \\\n  ");
}
