package dev.whyrank.rerank;

/** Counts what is accepted and not yet worked on, over all requests. */
final class Backlog {

    private final RerankObserver observer;
    private int requests;
    private int documents;

    Backlog(RerankObserver observer) {
        this.observer = observer;
    }

    /** A request comes in; gives the documents that wait before it. */
    synchronized int enter(int count) {
        int before = documents;
        requests++;
        documents += count;
        observer.waiting(requests, documents);
        return before;
    }

    /** A document has its turn, or will not need one. */
    synchronized void documentTaken() {
        documents--;
        observer.waiting(requests, documents);
    }

    /** A request has ended. */
    synchronized void leave() {
        requests--;
        observer.waiting(requests, documents);
    }
}
