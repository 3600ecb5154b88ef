package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.train.paid.AskingListener;
import dev.whyrank.train.paid.Paid;
import dev.whyrank.train.paid.PaidAnswers;
import dev.whyrank.train.paid.PaidChat;
import dev.whyrank.train.paid.PaidQuestion;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One run over a file of records. */
public final class Annotation {

    private final ChatClient client;
    private final AnnotationSettings settings;
    private final AskingListener listener;
    private final Teacher teacher;

    /** Annotates with a client, which stays the caller's. */
    public Annotation(ChatClient client, AnnotationSettings settings, AskingListener listener) {
        this.client = client;
        this.settings = settings;
        this.listener = listener;
        this.teacher = new Teacher(client.endpoint(), settings);
    }

    /** A wanted answer; its document is null for {@link Task#QUERIES}. */
    @FunctionalInterface
    private interface Wanted {

        void question(Task task, PaidQuestion question, @Nullable ObjectNode document);
    }

    /**
     * Asks for what is missing and writes the records.
     *
     * @throws InvalidInputException if the records cannot be read, before anything is asked
     */
    public AnnotationReport run() throws InterruptedException {
        try (PaidAnswers paid = PaidAnswers.open(settings.journal())) {
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
            PaidChat chat = new PaidChat(client, paid, settings.atOnce(), listener);
            listener.started(wanted.size(), wanted.size() - open.size());
            try {
                UnlabelledRecord.each(
                        settings.in(),
                        record -> wanted(record, (task, question, document) -> {
                            if (open.contains(question.key())) {
                                chat.ask(question);
                            }
                        }));
                chat.await();
            } finally {
                listener.ended();
            }
            return new AnnotatedRecords(settings, teacher, paid)
                    .write(wanted.size(), chat.asked(), client.retries(), chat.lastFailure());
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
}
