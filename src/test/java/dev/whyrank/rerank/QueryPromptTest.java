package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryPromptTest {

    private static final String[] PARTS = {
        "1. ", "12.\t", "3.", "\n", "\r\n", " ##", "##", "\"", "“", "query", " ", "4. 5. ", "- ", "💡", "."
    };

    @Test
    void asksInTheWordsTheModelWasTunedOn() {
        assertThat(QueryPrompt.words("Why is the sky blue?"))
                .isEqualTo("Based on the following question, generate a list of up to 10 search queries that would help"
                        + " find answers. Each query should be specific and focused on different aspects of the"
                        + " question. Format the output as one query per line. Question: Why is the sky blue?");
    }

    @Test
    void readsTheListThatTheModelWasTunedToWrite() {
        assertThat(QueryPrompt.parse("1. rayleigh scattering\n2. sky colour at dusk ##", 10))
                .containsExactly("rayleigh scattering", "sky colour at dusk");
    }

    @Test
    void dropsMarksAndDoubleQuotesAndKeepsApostrophes() {
        assertThat(QueryPrompt.parse("1. \"what's blue##\"\n2. “sky” 'colour'", 10))
                .containsExactly("what's blue", "sky 'colour'");
    }

    @Test
    void readsOnlyNumberedLines() {
        assertThat(QueryPrompt.parse(
                        "Here are some queries:\n\n 1. one\n- two\n3) three\n4.four\n5. \n6. \"\"\n77.  six", 10))
                .containsExactly("one", "six");
    }

    @Test
    void readsNothingAfterTheStopMark() {
        assertThat(QueryPrompt.parse("1. one ##\n2. two", 10)).containsExactly("one");
        assertThat(QueryPrompt.parse("", 10)).isEmpty();
        assertThat(QueryPrompt.parse(" ##", 10)).isEmpty();
    }

    @Test
    void keepsTheFirstFew() {
        StringBuilder answer = new StringBuilder();
        List<String> asked = new ArrayList<>();
        for (int i = 1; i <= 14; i++) {
            answer.append(i).append(". query ").append(i).append('\n');
            asked.add("query " + i);
        }
        assertThat(QueryPrompt.parse(answer.toString(), 10)).isEqualTo(asked.subList(0, 10));
        assertThat(QueryPrompt.parse(answer.toString(), 3)).isEqualTo(asked.subList(0, 3));
    }

    @Test
    void whateverIsWrittenQueriesAreShortCleanLinesOfTheAnswer() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            StringBuilder answer = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                answer.append(PARTS[random.nextInt(PARTS.length)]);
            }
            int most = 1 + random.nextInt(10);
            String list = answer.toString().split(" ##", -1)[0].replaceAll("##|[\"“]", "");
            assertThat(QueryPrompt.parse(answer.toString(), most))
                    .as("seed %d", seed)
                    .hasSizeLessThanOrEqualTo(most)
                    .allSatisfy(query -> assertThat(query)
                            .isNotBlank()
                            .isEqualTo(query.strip())
                            .doesNotContain("##", "\"", "“", "\n", "\r"))
                    .allSatisfy(query -> assertThat(list).contains(query));
        }
    }
}
