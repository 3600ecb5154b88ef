package dev.whyrank.train.reward;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import dev.whyrank.train.refinement.Asked;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.Response;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a task and an answer are put to who rewards, and how a judge's score is read. Pure. */
final class RewardWords {

    /** Of the scale on which a judge scores; the lowest is 0. */
    static final int HIGHEST = 10;

    /** What of a document a judge is shown. */
    private static final int DOCUMENT_CHARACTERS = 32_000;

    private static final String RELEVANCE =
            "Judge how relevant a document is to a question. Explain your judgement, then give one label:\n"
                    + "0: the document does not provide any useful information related to the question\n"
                    + "1: the document provides some context related to the question but does not provide answer to the"
                    + " specific question\n"
                    + "2: the document provides useful information to answer the question\n\n"
                    + "Question: %s\nDocument: ";
    private static final String QUERIES =
            "Write up to 10 search queries that would find what answers a question: each of them specific, each about"
                    + " another side of the question, one on each line.\n\nQuestion: %s";

    private static final String RELEVANCE_COUNTS =
            "What counts most is whether the label is the right one by the definitions above; then whether the"
                    + " explanation is true to the document and leads to the label.";
    private static final String QUERIES_COUNT =
            "What counts is whether the queries would find what answers the question, whether each is specific, and"
                    + " whether they differ.";

    private static final String SHAPE = "Score: <number from 0 to " + HIGHEST + ">";
    private static final String AGAIN =
            "I could not find a score in that. Reply with nothing but one line of the form '" + SHAPE + "'.";

    private static final String NUMBER = "(\\d+(?:\\.\\d+)?)(?![\\d.]*\\d)(?:\\s*/\\s*" + HIGHEST + "(?!\\d))?";
    private static final Pattern SCORE = Pattern.compile("(?i)\\bscore\\b[\\s:*_=]*(?<![-\\d])" + NUMBER);
    private static final Pattern ALONE = Pattern.compile(NUMBER + "[.\\s]*");

    private RewardWords() {}

    /** The task up to its document, if it has one. */
    static String head(Asked asked) {
        return (asked instanceof Pair ? RELEVANCE : QUERIES).formatted(asked.question());
    }

    /** The task; the document comes last. */
    static String task(Asked asked) {
        return head(asked) + (asked instanceof Pair pair ? pair.teacher().text() : "");
    }

    /** Asks a judge to score an answer. */
    static Message grade(Asked asked, Response response) {
        String document =
                asked instanceof Pair pair ? Characters.prefix(pair.teacher().text(), DOCUMENT_CHARACTERS) : "";
        return Message.user("Score an answer to a task, from 0 (useless) to " + HIGHEST
                + " (it could not be better). The task was:\n\n<task>\n" + head(asked) + document
                + "\n</task>\n\nThe answer is:\n\n<answer>\n" + response.words() + "\n</answer>\n\n"
                + (asked instanceof Pair ? RELEVANCE_COUNTS : QUERIES_COUNT)
                + " Say in one or two sentences what is good and what is wrong, then end with a line of the form '"
                + SHAPE + "'.");
    }

    /** What to say to a judge that gave no score that can be read. */
    static List<Message> again(String said) {
        return List.of(Message.assistant(said), Message.user(AGAIN));
    }

    /** The last score in a judge's answer, or a number that is all of it; nothing if that is off the scale. */
    static OptionalDouble score(String text) {
        String stripped = text.strip();
        Matcher alone = ALONE.matcher(stripped);
        if (alone.matches()) {
            return onScale(alone.group(1));
        }
        OptionalDouble last = OptionalDouble.empty();
        Matcher stated = SCORE.matcher(stripped);
        while (stated.find()) {
            last = onScale(stated.group(1));
        }
        return last;
    }

    private static OptionalDouble onScale(String number) {
        double score = Double.parseDouble(number);
        return score <= HIGHEST ? OptionalDouble.of(score) : OptionalDouble.empty();
    }
}
