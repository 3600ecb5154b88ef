package dev.whyrank.train.laboratory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A document of the laboratory: two chains of places of which exactly one link is suspended, the ends of both, and
 * sentences that say nothing to the matter. What counting words could tell is the same under every label: each place is
 * named as often, and the suspended link touches neither the start nor an end.
 *
 * @param text the document
 * @param label see {@link Derivation}
 * @param chain the places from the start on
 * @param other the places of the chain that the cargo does not take
 */
record Puzzle(String text, int label, List<String> chain, List<String> other) {

    /**
     * What a puzzle may be like.
     *
     * @param shortest fewest links of a chain; below 3 no link is an inner one, and any may be suspended
     * @param longest most links
     * @param forms how many ways of stating each kind of link are used, from the plainest on
     * @param distractors most sentences that say nothing to the matter
     */
    record Shape(int shortest, int longest, int forms, int distractors) {}

    /** Makes a document for a question. */
    static Puzzle make(Shape shape, String start, String target, int label, SplittableRandom random) {
        int links = shape.shortest() + random.nextInt(shape.longest() - shape.shortest() + 1);
        List<String> names = new ArrayList<>(Names.ALL);
        names.remove(start);
        names.remove(target);
        Collections.shuffle(names, new Random(random.nextLong()));
        List<String> chain = new ArrayList<>(names.subList(0, links + 1));
        List<String> other = new ArrayList<>(names.subList(links + 1, 2 * links + 2));
        chain.set(0, start);
        (label == 0 ? other : chain).set(links, target);
        boolean onChain = label == 1 || (label == 0 && random.nextBoolean());
        int suspended = links < 3 ? random.nextInt(links) : 1 + random.nextInt(links - 2);
        List<String> sentences = new ArrayList<>();
        state(chain, onChain ? suspended : -1, shape, sentences, random);
        state(other, onChain ? -1 : suspended, shape, sentences, random);
        distract(chain, other, random.nextInt(shape.distractors() + 1), sentences, random);
        Collections.shuffle(sentences, new Random(random.nextLong()));
        return new Puzzle(String.join(" ", sentences), label, List.copyOf(chain), List.copyOf(other));
    }

    private static void state(
            List<String> chain, int suspended, Shape shape, List<String> sentences, SplittableRandom random) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            List<Sentence> forms = i == suspended ? Sentence.SUSPENDED : Sentence.OPEN;
            Sentence form = forms.get(random.nextInt(Math.min(shape.forms(), forms.size())));
            sentences.add(form.of(chain.get(i), chain.get(i + 1)));
        }
        sentences.add(Sentence.END.of(chain.get(chain.size() - 1), ""));
    }

    private static void distract(
            List<String> chain, List<String> other, int count, List<String> sentences, SplittableRandom random) {
        List<String> all = new ArrayList<>(chain);
        all.addAll(other);
        for (int i = 0; i < count; i++) {
            Collections.shuffle(all, new Random(random.nextLong()));
            Sentence form = Sentence.DISTRACTORS.get(random.nextInt(Sentence.DISTRACTORS.size()));
            sentences.add(form.of(all.get(0), all.get(1)));
        }
    }
}
