package dev.whyrank.api.compat;

import dev.whyrank.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The questions of a score request, each with the documents that go with it: equal questions become one group, so that
 * they share their prefix.
 *
 * @param groups in the order in which their question first appears
 * @param size number of pairs
 */
record Pairs(List<Group> groups, int size) {

    /**
     * A question and its documents.
     *
     * @param positions each document's place in the answer
     */
    record Group(String query, List<String> documents, List<Integer> positions) {}

    /**
     * Pairs one question with every document, or questions and documents of equal number one by one.
     *
     * @throws InvalidRequestException if the numbers do not go together, or a question is blank
     */
    static Pairs of(List<String> questions, List<String> documents) {
        if (questions.size() != 1 && questions.size() != documents.size()) {
            throw new InvalidRequestException(
                    "text_1",
                    "holds %d texts and text_2 %d; send one, or as many as in text_2"
                            .formatted(questions.size(), documents.size()));
        }
        Map<String, Group> groups = new LinkedHashMap<>();
        for (int i = 0; i < documents.size(); i++) {
            String question = questions.get(questions.size() == 1 ? 0 : i);
            if (question.isBlank()) {
                throw new InvalidRequestException("text_1", "must not be blank");
            }
            Group group =
                    groups.computeIfAbsent(question, query -> new Group(query, new ArrayList<>(), new ArrayList<>()));
            group.documents().add(documents.get(i));
            group.positions().add(i);
        }
        return new Pairs(List.copyOf(groups.values()), documents.size());
    }
}
