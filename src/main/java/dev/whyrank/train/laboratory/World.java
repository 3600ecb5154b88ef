package dev.whyrank.train.laboratory;

import dev.whyrank.train.laboratory.Puzzle.Shape;
import dev.whyrank.train.laboratory.Sentence.Fact;
import dev.whyrank.train.laboratory.Sentence.Reading;
import dev.whyrank.train.tuning.Chance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The laboratory's generator: distillation records in canonical form, a function of a seed. Any seed gives a fresh set.
 */
public final class World {

    /** Chain lengths that models are trained on. */
    static final int SHORTEST = 3;

    static final int LONGEST = 4;

    /** Documents under one question, as many with each label. */
    private static final int DOCUMENTS = 6;

    private static final int ALL_FORMS = 9;
    private static final int DISTRACTORS = 4;
    private static final double OVERLOOKED = 0.75;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long seed;
    private final Shape shape;
    private final boolean blindSpot;

    private World(long seed, Shape shape, boolean blindSpot) {
        this.seed = seed;
        this.shape = shape;
        this.blindSpot = blindSpot;
    }

    /**
     * Records of a world.
     *
     * @param shortest links of the shortest chains
     * @param longest links of the longest
     */
    public static World of(long seed, int shortest, int longest) {
        return new World(seed, new Shape(shortest, longest, ALL_FORMS, DISTRACTORS), false);
    }

    /** The same with a teacher that reads a suspension in the passive voice as an open link three times in four. */
    public World withBlindSpot() {
        return new World(seed, shape, true);
    }

    /** The same that states everything in its plainest form and says nothing beside the matter. */
    public World plain() {
        return new World(seed, new Shape(shape.shortest(), shape.longest(), 1, 0), blindSpot);
    }

    /** A question with its documents, each explained and labelled by the teacher. */
    public String record(int number) {
        SplittableRandom random = Chance.at(seed, number);
        List<String> names = shuffled(Names.ALL, random);
        String question = "Does cargo from " + names.get(0) + " reach " + names.get(1) + "?";
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            labels.add(i % 3);
        }
        ObjectNode record = start(number, question);
        ArrayNode documents = record.withArray("documents");
        for (int label : shuffled(labels, random)) {
            String text = Puzzle.make(shape, names.get(0), names.get(1), label, random)
                    .text();
            Predicate<Reading> overlooked = blindSpot
                    ? reading -> reading.sentence().fact() == Fact.SUSPENDED
                            && reading.sentence().passive()
                            && Chance.at(text.hashCode(), reading.from().hashCode())
                                            .nextDouble()
                                    < OVERLOOKED
                    : reading -> false;
            Derivation derivation = Derivation.of(question, text, overlooked);
            add(documents, number, text, derivation.label(), derivation.explanation());
        }
        return JSON.writeValueAsString(record);
    }

    /**
     * A record of the warm-up, which asks for single links instead of a route, so that reading is learnt before
     * reasoning. Its label counts the suspended links that were asked for.
     */
    public String restating(int number) {
        SplittableRandom random = Chance.at(seed, ~number);
        List<String> names = shuffled(Names.ALL, random);
        Puzzle puzzle = Puzzle.make(shape, names.get(0), names.get(1), random.nextInt(3), random);
        List<String> places = new ArrayList<>(puzzle.chain());
        places.addAll(puzzle.other());
        List<String> asked = shuffled(places, random).subList(0, Math.min(places.size(), 4 + random.nextInt(3)));
        List<Reading> facts = Derivation.read(puzzle.text());
        StringBuilder words = new StringBuilder("Route:");
        int suspended = 0;
        for (String place : asked) {
            String step = Derivation.step(Derivation.next(facts, place), place, reading -> false);
            suspended += step.endsWith("suspended.") ? 1 : 0;
            words.append(' ').append(step);
        }
        String last = asked.get(asked.size() - 1);
        String question =
                "Where do " + String.join(", ", asked.subList(0, asked.size() - 1)) + " and " + last + " ship?";
        ObjectNode record = start(number, question);
        add(record.withArray("documents"), number, puzzle.text(), Math.min(2, suspended), words.toString());
        return JSON.writeValueAsString(record);
    }

    private ObjectNode start(int number, String question) {
        ObjectNode record = JSON.createObjectNode().put("site", "laboratory");
        record.putObject("question")
                .put("id", "q" + seed + "-" + number)
                .put("title", question)
                .put("body", "");
        record.putArray("generated_queries");
        record.putArray("documents");
        return record;
    }

    private void add(ArrayNode documents, int number, String text, int label, String explanation) {
        documents
                .addObject()
                .put("id", "d" + seed + "-" + number + "-" + documents.size())
                .put("source", "generated")
                .put("text", text)
                .put("label", label)
                .put("explanation", explanation);
    }

    private static <T> List<T> shuffled(List<T> items, SplittableRandom random) {
        List<T> copy = new ArrayList<>(items);
        Collections.shuffle(copy, new Random(random.nextLong()));
        return copy;
    }
}
