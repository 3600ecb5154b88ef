package dev.whyrank.rerank;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a request needs of the reranker that accepted it.
 *
 * @param pool runs the request's mailbox
 * @param timer brings its deadline
 * @param permit given back when it ends
 * @param onEnd told after its terminal event
 */
record Surroundings(
        Executor pool,
        DeadlineTimer timer,
        Admission.Permit permit,
        Backlog backlog,
        RerankObserver observer,
        Consumer<ActiveRun> onEnd) {}
