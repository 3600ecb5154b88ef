package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatAnswer;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatFailure;
import dev.whyrank.rerank.remote.ChatUsage;
import dev.whyrank.train.annotation.Teacher.Question;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One run over a file of records. */
public final class Annotation {

    /** So many calls in a row without an answer mean that the endpoint answers nobody. */
    private static final int PATIENCE = 8;

    private final ChatClient client;
    private final AnnotationSettings settings;
    private final AnnotationListener listener;
    private final Teacher teacher;
    private final Semaphore turns;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final Set<String> handedOut = new HashSet<>();
    private volatile boolean hopeless;
    private volatile @Nullable String lastFailure;

    /** Annotates with a client, which stays the caller's. */
    public Annotation(ChatClient client, AnnotationSettings settings, AnnotationListener listener) {
        this.client = client;
        this.settings = settings;
        this.listener = listener;
        this.teacher = new Teacher(client.endpoint(), settings);
        this.turns = new Semaphore(settings.atOnce());
    }

    /** A wanted answer; its document is null for {@link Task#QUERIES}. */
    @FunctionalInterface
    private interface Wanted {

        void question(Task task, Question question, @Nullable ObjectNode document);
    }

    /**
     * Asks for what is missing and writes the records.
     *
     * @throws InvalidInputException if the records cannot be read, before anything is asked
     */
    public AnnotationReport run() throws InterruptedException {
        try (PaidAnswers paid = PaidAnswers.open(settings.journal())) {
            ChatUsage before = paid.total();
            Set<String> wanted = new HashSet<>();
            Set<String> open = new HashSet<>();
            UnlabelledRecord.each(
                    settings.in(),
                    record -> wanted(record, (task, question, document) -> {
                        wanted.add(question.key());
                        if (isOpen(task, paid.find(question.key()))) {
                            open.add(question.key());
                        }
                    }));
            listener.started(wanted.size(), wanted.size() - open.size());
            try {
                UnlabelledRecord.each(
                        settings.in(),
                        record -> wanted(record, (task, question, document) -> {
                            if (open.contains(question.key())) {
                                ask(question, paid);
                            }
                        }));
                turns.acquire(settings.atOnce());
            } finally {
                listener.ended();
            }
            return new AnnotatedRecords(settings, teacher, paid)
                    .write(wanted.size(), asked.get(), client.retries(), before, lastFailure);
        }
    }

    private boolean isOpen(Task task, @Nullable Paid paid) {
        return paid == null
                || (settings.againRejected()
                        && !teacher.read(task, paid).reason().isEmpty());
    }

    private void wanted(UnlabelledRecord record, Wanted visitor) {
        if (settings.tasks().contains(Task.QUERIES) && !record.hasQueries()) {
            visitor.question(Task.QUERIES, teacher.queries(record.question()), null);
        }
        if (settings.tasks().contains(Task.EXPLAIN)) {
            for (ObjectNode document : record.documents()) {
                if (!UnlabelledRecord.isLabelled(document)) {
                    String text = document.path("text").asString("");
                    visitor.question(Task.EXPLAIN, teacher.relevance(record.question(), text), document);
                }
            }
        }
    }

    private void ask(Question question, PaidAnswers paid) {
        if (hopeless || listener.stopRequested() || !handedOut.add(question.key())) {
            return;
        }
        turns.acquireUninterruptibly();
        if (hopeless || listener.stopRequested()) {
            turns.release();
            return;
        }
        var unused = client.ask(question.request()).handle((answer, thrown) -> {
            try {
                settle(question.key(), answer, thrown, paid);
            } finally {
                turns.release();
            }
            return null;
        });
    }

    private void settle(String key, @Nullable ChatAnswer answer, @Nullable Throwable thrown, PaidAnswers paid) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (answer != null) {
            keep(new Paid(key, answer.text(), answer.finish(), "", answer.usage()), paid);
        } else if (cause instanceof ChatFailure failure && isFinal(failure.kind())) {
            keep(new Paid(key, "", "", reason(failure), ChatUsage.NONE), paid);
        } else {
            failed(cause);
        }
    }

    private void keep(Paid answer, PaidAnswers paid) {
        paid.add(answer);
        failuresInARow.set(0);
        asked.incrementAndGet();
        listener.answered();
    }

    private void failed(@Nullable Throwable cause) {
        boolean unusable = cause instanceof ChatFailure failure && failure.kind() == ChatFailure.Kind.UNUSABLE;
        lastFailure = cause instanceof ChatFailure failure
                ? failure.getMessage() + (failure.detail().isEmpty() ? "" : " (" + failure.detail() + ")")
                : "could not be asked (" + cause + ")";
        if (unusable || failuresInARow.incrementAndGet() >= Math.max(PATIENCE, settings.atOnce())) {
            hopeless = true;
        }
    }

    /** Asking again would be answered in the same way, and possibly paid for. */
    private static boolean isFinal(ChatFailure.Kind kind) {
        return switch (kind) {
            case REFUSED, EMPTY, TOO_LONG -> true;
            default -> false;
        };
    }

    private static String reason(ChatFailure failure) {
        return failure.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
