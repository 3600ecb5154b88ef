package dev.whyrank.train.laboratory;

import dev.whyrank.train.laboratory.Sentence.Fact;
import dev.whyrank.train.laboratory.Sentence.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The reasoning that a question and a document demand: the walk from where the cargo starts, link by link, to where it
 * ends. Made from the texts alone, so that it can check what a model or another writer claims.
 *
 * @param explanation the derivation in words
 * @param label what follows from it: 2 the cargo arrives, 1 the route exists and a link of it is suspended, 0 the route
 *     ends elsewhere
 */
public record Derivation(String explanation, int label) {

    private static final Pattern REACH = Pattern.compile("Does cargo from (\\w+) reach (\\w+)\\?");
    private static final Pattern SENTENCES = Pattern.compile("(?<=\\.)\\s+");

    /**
     * Derives the answer.
     *
     * @throws IllegalArgumentException if the texts are not the laboratory's
     */
    public static Derivation of(String question, String document) {
        return of(question, document, reading -> false);
    }

    /**
     * Derives the answer as a reader who overlooks some suspensions.
     *
     * @param overlooked suspended links that are read as open ones
     */
    static Derivation of(String question, String document, Predicate<Reading> overlooked) {
        Matcher asked = REACH.matcher(question.strip());
        if (!asked.matches()) {
            throw new IllegalArgumentException("not a question of the laboratory: " + question);
        }
        List<Reading> facts = read(document);
        StringBuilder words = new StringBuilder("Route:");
        String place = asked.group(1);
        boolean open = true;
        Set<String> seen = new HashSet<>();
        for (Optional<Reading> link = next(facts, place); seen.add(place); link = next(facts, place)) {
            words.append(' ').append(step(link, place, overlooked));
            if (link.isEmpty()) {
                break;
            }
            open &= isOpen(link.get(), overlooked);
            place = link.get().to();
        }
        String target = asked.group(2);
        boolean reached = place.equals(target);
        words.append(" The route ")
                .append(reached ? "reaches " : "misses ")
                .append(target)
                .append(open ? " and is open." : " and is closed.");
        return new Derivation(words.toString(), !reached ? 0 : open ? 2 : 1);
    }

    /** How a derivation states one link, or that there is none. */
    static String step(Optional<Reading> link, String place, Predicate<Reading> overlooked) {
        return link.map(reading ->
                        place + " ships to " + reading.to() + (isOpen(reading, overlooked) ? "." : ", suspended."))
                .orElse(place + " ships no cargo.");
    }

    private static boolean isOpen(Reading link, Predicate<Reading> overlooked) {
        return link.sentence().fact() == Fact.OPEN || overlooked.test(link);
    }

    /** What a document says, sentence by sentence. */
    static List<Reading> read(String document) {
        List<Reading> readings = new ArrayList<>();
        for (String sentence : SENTENCES.split(document.strip(), -1)) {
            readings.add(Sentence.read(sentence)
                    .orElseThrow(() -> new IllegalArgumentException("not a sentence of the laboratory: " + sentence)));
        }
        return readings;
    }

    static Optional<Reading> next(List<Reading> facts, String place) {
        return facts.stream()
                .filter(fact ->
                        fact.sentence().fact() == Fact.OPEN || fact.sentence().fact() == Fact.SUSPENDED)
                .filter(fact -> fact.from().equals(place))
                .findFirst();
    }

    /** Whether an explanation is this derivation, word for word. */
    public boolean matches(String written) {
        return explanation.equals(
                String.join(" ", Stream.of(written.strip().split("\\s+", -1)).toList()));
    }

    /** The share of this derivation's sentences that an explanation has, in their places. */
    public double agreement(String written) {
        String[] expected = SENTENCES.split(explanation, -1);
        String[] actual = SENTENCES.split(written.strip(), -1);
        int right = 0;
        for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
            right += expected[i].equals(actual[i]) ? 1 : 0;
        }
        return (double) right / Math.max(expected.length, actual.length);
    }
}
