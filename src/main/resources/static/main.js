import { Problem, curl, rerank, rerankBody, servedModel } from "./api.js";
import { examples } from "./examples.js";
import { LAB_MODEL, labExamples } from "./lab.js";
import { Run } from "./run.js";
import { View } from "./view.js";

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const view = new View();
let running = null;

/** One document for each block of lines between blank lines. */
function documents() {
  const blocks = form.elements.documents.value.split(/\n[^\S\n]*\n/);
  return blocks.map((text) => text.trim()).filter((text) => text !== "");
}

function number(input) {
  return input.value === "" ? null : Number(input.value);
}

function body() {
  const { query, explain, top_n: topN, max_explanation_tokens: maxExplanationTokens } = form.elements;
  return rerankBody({
    query: query.value.trim(),
    documents: documents(),
    explain: explain.checked,
    topN: number(topN),
    maxExplanationTokens: number(maxExplanationTokens),
  });
}

/** White space satisfies `required` but asks nothing. */
function isComplete() {
  form.elements.query.setCustomValidity(form.elements.query.value.trim() ? "" : "Ask a question.");
  form.elements.documents.setCustomValidity(documents().length ? "" : "Give at least one document.");
  return form.reportValidity();
}

function showCount() {
  const n = documents().length;
  byId("count").textContent = n === 0 ? "" : `Now ${n} ${n === 1 ? "document" : "documents"}.`;
}

async function rank() {
  if (running || !isComplete()) return;
  const run = new Run(documents());
  running = new AbortController();
  setRunning(true);
  view.start(run);
  if (matchMedia("(max-width: 860px)").matches) byId("answer").scrollIntoView();
  try {
    await follow(run, running.signal);
    view.end(run, "");
  } catch (cause) {
    view.update(run, run.stop());
    view.end(run, `Stopped: ${run.done()} of ${run.documents.length} judged`);
    if (cause.name !== "AbortError") fail(cause, run);
  } finally {
    running = null;
    setRunning(false);
  }
}

async function follow(run, signal) {
  for await (const { type, data } of rerank(body(), byId("key").value, signal)) {
    const changed = run.apply(type, data);
    if (type === "explanation.delta") changed.forEach(({ index }) => view.append(index, data.delta));
    else if (changed.length) view.update(run, changed);
    if (type === "rerank.started") showModel();
    if (type === "document.completed" || type === "document.failed") view.progress(run);
    if (run.error) throw new Problem(run.error);
    if (run.answer) return;
  }
  throw new Problem({ title: "Connection lost", detail: "The answer ended before the ranking was complete." });
}

function fail(problem, run) {
  if (!(problem instanceof Problem)) throw problem;
  view.problem(problem);
  if (run.documents.every(({ phase }) => phase === "stopped")) view.clear();
  for (const { field } of problem.errors) {
    form.elements[field.replace(/[[.].*$/s, "")]?.setAttribute?.("aria-invalid", "true");
  }
  if (problem.status === 401 || problem.status === 403) askForKey();
}

function askForKey() {
  byId("key-field").hidden = false;
  byId("key").focus();
}

function setRunning(on) {
  const stopHadFocus = document.activeElement === byId("stop");
  byId("rank").setAttribute("aria-disabled", String(on));
  byId("stop").hidden = !on;
  if (!on && stopHadFocus) byId("rank").focus({ preventScroll: true });
  if (on) clearInvalid();
}

function clearInvalid() {
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
}

let modelKnown = false;

/** A server that still loads, or wants a key first, is asked again when that has passed. */
async function showModel() {
  if (modelKnown) return;
  try {
    const model = await servedModel(byId("key").value);
    modelKnown = true;
    const isLab = model?.id === LAB_MODEL;
    view.model(model?.id ?? "No model is served", model?.explanation_kind, isLab);
    if (isLab) offer(labExamples);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401 || problem.status === 403) {
      byId("key-field").hidden = false;
      view.model("An API key is needed");
    } else if (problem.status === 503) {
      view.model("The model is loading…");
      setTimeout(showModel, 1000 * Math.max(2, problem.retryAfter ?? 2));
    } else {
      view.model("Model unknown");
    }
  }
}

/** Browsers offer the clipboard to secure pages only; elsewhere the command is shown, selected. */
async function copyCurl() {
  if (!isComplete()) return;
  const shown = byId("curl");
  shown.textContent = curl(body(), byId("key").value !== "", location.origin);
  shown.hidden = false;
  try {
    await navigator.clipboard.writeText(shown.textContent);
    byId("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(shown);
    byId("copied").textContent = "Selected: the browser does not let this page copy.";
  }
}

function fill({ query, documents: texts }) {
  form.elements.query.value = query;
  form.elements.documents.value = texts.join("\n\n");
  clearInvalid();
  showCount();
}

function offer(offered) {
  byId("examples").replaceChildren(...offered.map((example) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = example.name;
    button.addEventListener("click", () => fill(example));
    return button;
  }));
}


form.addEventListener("submit", (event) => {
  event.preventDefault();
  rank();
});
form.addEventListener("input", ({ target }) => {
  target.removeAttribute("aria-invalid");
  form.elements.query.setCustomValidity("");
  form.elements.documents.setCustomValidity("");
  byId("copied").textContent = "";
  byId("curl").hidden = true;
  showCount();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    rank();
  }
});
byId("stop").addEventListener("click", () => running?.abort());
byId("copy").addEventListener("click", copyCurl);
offer(examples);
showCount();
showModel();
