package dev.whyrank.train.laboratory;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ways in which documents state facts, and how they are read back. */
enum Sentence {
    SHIPS("{X} ships cargo to {Y}.", Fact.OPEN),
    DELIVERS("{X} delivers freight to {Y}.", Fact.OPEN),
    SENDS("{X} sends goods to {Y}.", Fact.OPEN),
    RECEIVES("{Y} receives cargo from {X}.", Fact.OPEN),
    SUPPLIED("{Y} is supplied by {X}.", Fact.OPEN),
    STOPPED("{X} stopped shipping to {Y}.", Fact.SUSPENDED),
    SUSPENDS("{X} suspended deliveries to {Y}.", Fact.SUSPENDED),
    NOTHING("{Y} receives nothing from {X}.", Fact.SUSPENDED),
    LOST("{Y} lost supplies from {X}.", Fact.SUSPENDED),
    END("{X} ships no cargo.", Fact.END),
    NEAR("{X} lies near {Y}.", Fact.NOTHING),
    LARGER("{X} is larger than {Y}.", Fact.NOTHING),
    HARBOUR("{X} shares a harbour with {Y}.", Fact.NOTHING);

    /** What a sentence says of its places. */
    enum Fact {
        OPEN,
        SUSPENDED,
        END,
        NOTHING
    }

    /** Open links, the plainest first. */
    static final List<Sentence> OPEN = List.of(SHIPS, DELIVERS, SENDS, RECEIVES, SUPPLIED);

    /** Suspended links, the plainest first. */
    static final List<Sentence> SUSPENDED = List.of(STOPPED, SUSPENDS, NOTHING, LOST);

    static final List<Sentence> DISTRACTORS = List.of(NEAR, LARGER, HARBOUR);

    private final String template;
    private final Fact fact;
    private final Pattern pattern;

    Sentence(String template, Fact fact) {
        this.template = template;
        this.fact = fact;
        this.pattern = Pattern.compile(
                template.replace(".", "\\.").replace("{X}", "(?<X>\\w+)").replace("{Y}", "(?<Y>\\w+)"));
    }

    String template() {
        return template;
    }

    Fact fact() {
        return fact;
    }

    /** Whether the place that is shipped to comes first. */
    boolean passive() {
        return template.startsWith("{Y}");
    }

    String of(String x, String y) {
        return template.replace("{X}", x).replace("{Y}", y);
    }

    /**
     * What a sentence was understood as.
     *
     * @param to empty when the sentence names one place only
     */
    record Reading(Sentence sentence, String from, String to) {}

    /** Reads a sentence back. */
    static Optional<Reading> read(String text) {
        for (Sentence sentence : values()) {
            Matcher matcher = sentence.pattern.matcher(text);
            if (matcher.matches()) {
                boolean pair = sentence.template.contains("{Y}");
                return Optional.of(new Reading(sentence, matcher.group("X"), pair ? matcher.group("Y") : ""));
            }
        }
        return Optional.empty();
    }
}
