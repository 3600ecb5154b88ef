package dev.whyrank.rerank;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a model that was tuned for it is asked for search queries, and how its list is read. */
public final class QueryPrompt {

    /** Ends the list. */
    public static final String STOP = " ##";

    private static final String ASK =
            "Based on the following question, generate a list of up to 10 search queries that would help find answers."
                    + " Each query should be specific and focused on different aspects of the question."
                    + " Format the output as one query per line. Question: ";
    private static final Pattern ITEM = Pattern.compile("\\d+\\.\\s+(.*)");
    private static final Pattern DROPPED = Pattern.compile("##|[\"“”]");

    private QueryPrompt() {}

    /** The user's turn. */
    public static String words(String question) {
        return ASK + question;
    }

    /** The numbered lines of an answer up to its stop mark, without numbers, marks and double quotes. */
    public static List<String> parse(String answer, int most) {
        int end = answer.indexOf(STOP);
        String list = end < 0 ? answer : answer.substring(0, end);
        return DROPPED.matcher(list)
                .replaceAll("")
                .lines()
                .flatMap(QueryPrompt::item)
                .limit(most)
                .toList();
    }

    private static Stream<String> item(String line) {
        Matcher matcher = ITEM.matcher(line.strip());
        return matcher.matches() && !Characters.blank(matcher.group(1))
                ? Stream.of(matcher.group(1).strip())
                : Stream.empty();
    }
}
