/**
 * A model elsewhere, behind any OpenAI-compatible chat endpoint: its client, and the judge that serves it.
 *
 * <p>{@link dev.whyrank.rerank.remote.ChatClient} is Spring's WebClient, which is in the house already, paced and
 * repeated by resilience4j. An SDK of one vendor was not taken: endpoints only resemble each other, so what is needed is
 * control over the wire (alternatives of each token while it streams, a call that ends when its reader leaves, pauses
 * that the endpoint asks for, fields that it does not know), and that is what an SDK hides. The client belongs to
 * whoever opened it. Its listeners are called on its event loop and only hand on.
 *
 * <p>{@link dev.whyrank.rerank.remote.RemoteJudge} is one more {@link dev.whyrank.rerank.Judge}: admission, deadlines,
 * events, scores and limits are those of every judge. Each task is a {@code RemoteRun} that lives in its request's
 * mailbox; {@code Turns} bounds how many documents are asked about at once, over all requests, one at a time from each.
 * Reactor stays behind the client; the rest is plain Java.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.rerank.remote;
