package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.annotation.Teacher.Reading;
import dev.whyrank.train.paid.Paid;
import dev.whyrank.train.paid.PaidAnswers;
import dev.whyrank.train.paid.PaidQuestion;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts records and answers together; what cannot be used goes to a file of its own. */
final class AnnotatedRecords {

    private final AnnotationSettings settings;
    private final Teacher teacher;
    private final PaidAnswers paid;
    private final Map<String, Integer> rejected = new TreeMap<>();
    private int missing;
    private int cut;

    AnnotatedRecords(AnnotationSettings settings, Teacher teacher, PaidAnswers paid) {
        this.settings = settings;
        this.teacher = teacher;
        this.paid = paid;
    }

    AnnotationReport write(int wanted, int asked, long retries, @Nullable String lastFailure) {
        Path draft = settings.out().resolveSibling(settings.out().getFileName() + ".part");
        try {
            try (Writer out = Files.newBufferedWriter(draft);
                    Writer aside = Files.newBufferedWriter(settings.rejected())) {
                UnlabelledRecord.each(settings.in(), record -> {
                    annotate(record, aside);
                    line(out, record.json());
                });
            }
            Files.move(draft, settings.out(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            if (rejected.isEmpty()) {
                Files.delete(settings.rejected());
            }
        } catch (IOException e) {
            throw new InvalidInputException(settings.out() + " cannot be written: " + e, e);
        }
        return new AnnotationReport(
                wanted, asked, rejected, missing, retries, paid.spent(), paid.total(), cut, lastFailure);
    }

    private static void line(Writer out, ObjectNode json) throws IOException {
        out.write(UnlabelledRecord.JSON.writeValueAsString(json));
        out.write('\n');
    }

    private void annotate(UnlabelledRecord record, Writer aside) throws IOException {
        if (settings.tasks().contains(Task.QUERIES) && !record.hasQueries()) {
            Reading read = read(Task.QUERIES, teacher.queries(record.question()), record, null, aside);
            if (read != null) {
                ArrayNode queries = record.json().putArray("generated_queries");
                read.queries().forEach(queries::add);
            }
        }
        if (settings.tasks().contains(Task.EXPLAIN)) {
            for (ObjectNode document : record.documents()) {
                if (!UnlabelledRecord.isLabelled(document)) {
                    explain(record, document, aside);
                }
            }
        }
    }

    private void explain(UnlabelledRecord record, ObjectNode document, Writer aside) throws IOException {
        String text = document.path("text").asString("");
        cut += teacher.cuts(text) ? 1 : 0;
        Reading read = read(Task.EXPLAIN, teacher.relevance(record.question(), text), record, document, aside);
        if (read != null) {
            document.put("label", read.label());
            document.put("explanation", read.explanation());
        }
    }

    private @Nullable Reading read(
            Task task, PaidQuestion question, UnlabelledRecord record, @Nullable ObjectNode document, Writer aside)
            throws IOException {
        Paid answer = paid.find(question.key());
        if (answer == null) {
            missing++;
            return null;
        }
        Reading read = teacher.read(task, answer);
        if (read.reason().isEmpty()) {
            return read;
        }
        rejected.merge(read.reason(), 1, Integer::sum);
        ObjectNode line = UnlabelledRecord.JSON.createObjectNode();
        line.put("reason", read.reason()).put("task", task.word());
        line.put("question", record.json().path("question").path("id").asString(record.question()));
        if (document != null) {
            line.put("document", document.path("id").asString(""));
        }
        line.put("answer", answer.text()).put("finish", answer.finish());
        line(aside, line);
        return null;
    }
}
