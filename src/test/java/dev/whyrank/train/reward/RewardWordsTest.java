package dev.whyrank.train.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.QueryList;
import dev.whyrank.train.refinement.Topic;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewardWordsTest {

    private static final Pair PAIR = new Pair(0, "Does it rain?", new Judged("It pours 100%s.", 2, "It does."));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Good. Score: 7 | 7",
                "Score: 3. No, on second thoughts: Score: 8.5 | 8.5",
                "**Score:** 10/10 | 10",
                "score = 0 | 0",
                "Score: 7 / 10. | 7",
                "Score: 9. | 9",
                " 6 | 6",
                "6/10 | 6"
            })
    void readsTheLastScore(String text, double score) {
        assertThat(RewardWords.score(text)).hasValue(score);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "It is good.",
                "Score: high",
                "Score: 11",
                "Score: -3",
                "Score: 70/100",
                "I give it 7",
                "underscore 7",
                "Score: 5. No: Score: 12"
            })
    void guessesNothing(String text) {
        assertThat(RewardWords.score(text)).isEmpty();
    }

    @Test
    void spellsTheLabelsOut() {
        String words =
                RewardWords.grade(PAIR, new Answer("Yes.", 2, true, true)).content();
        assertThat(words)
                .contains(
                        "0: the document does not provide any useful information related to the question",
                        "1: the document provides some context related to the question but does not provide answer to"
                                + " the specific question",
                        "2: the document provides useful information to answer the question",
                        "Question: Does it rain?\nDocument: It pours 100%s.",
                        "Yes.\n\nRelevance Label: 2\n</answer>",
                        "from 0 to 10");
    }

    @Test
    void doesNotClaimALabelThatWasNotStated() {
        String words =
                RewardWords.grade(PAIR, new Answer("Well", 0, true, false)).content();
        assertThat(words).contains("<answer>\nWell\n</answer>").doesNotContain("Relevance Label");
    }

    /** The original joins the characters of a list instead of its lines. */
    @Test
    void showsQueriesLineByLine() {
        Topic topic = new Topic(0, "Does it rain?", List.of("rain"));
        String words = RewardWords.grade(topic, new QueryList(List.of("rain today", "wet"), true))
                .content();
        assertThat(words).contains("<answer>\n1. rain today\n2. wet\n</answer>");
    }
}
