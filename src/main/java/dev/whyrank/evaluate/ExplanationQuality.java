package dev.whyrank.evaluate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What can be told of a language model's explanations without another model.
 *
 * @param count explanations that are not empty
 * @param withVerdict those whose words state a verdict
 * @param consistent share of the latter whose verdict is the label
 * @param grounded mean share of an explanation's content words that its question or document has
 * @param quotes quotations found in explanations
 * @param verbatim share of quotations that stand in the document or the question
 * @param distinct share of explanations that no other document of the same question got
 */
record ExplanationQuality(
        int count, int withVerdict, double consistent, double grounded, int quotes, double verbatim, double distinct) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern QUOTE =
            Pattern.compile("[\"\u201c\u00ab]([^\"\u201c\u201d\u00ab\u00bb]{3,}?)[\"\u201d\u00bb]");
    private static final Pattern PARTLY = Pattern.compile(
            "\\b(?:partially|partly|somewhat|marginally|tangentially) (?:relevant|answers|addresses|helps)");
    private static final Pattern NOT = Pattern.compile(
            "\\birrelevant\\b|\\bunrelated\\b|(?:\\b(?:not|never)|n't) (?:\\w+ ){0,2}?(?:relevant|related|answer|address|help)"
                    + "|\\bno (?:\\w+ )?relevance\\b");
    private static final Pattern YES =
            Pattern.compile("\\b(?:relevant|answers|addresses|resolves|explains exactly)\\b");
    /** Words that tell nothing of a text's content, and the words of the task itself. */
    private static final Set<String> COMMON = Set.of(
            ("a an the and or but nor not no of to in on at by for from with without as is are was were be been being it"
                            + " its this that these those they them their there he she his her we our you your i my me"
                            + " which who what when where why how if then than so such also only just does do did done"
                            + " has have had can could may might must will would should about into over under between"
                            + " because while since though although however therefore thus both each any all some more"
                            + " most other another same very too up out off again document passage text question query"
                            + " asker answer answers relevant irrelevant relevance label partially")
                    .split(" "));

    /** An explanation beside what it explains. */
    record Explained(String queryId, String question, String document, String explanation, int label) {}

    static ExplanationQuality of(List<Explained> all) {
        List<Explained> written =
                all.stream().filter(one -> !one.explanation().isBlank()).toList();
        List<Explained> stated = written.stream()
                .filter(one -> verdict(one.explanation()).isPresent())
                .toList();
        List<Boolean> quotes =
                written.stream().flatMap(ExplanationQuality::quotes).toList();
        return new ExplanationQuality(
                written.size(),
                stated.size(),
                share(stated.stream().map(one -> verdict(one.explanation()).getAsInt() == one.label())),
                written.stream()
                        .map(ExplanationQuality::grounded)
                        .flatMapToDouble(OptionalDouble::stream)
                        .average()
                        .orElse(0),
                quotes.size(),
                share(quotes.stream()),
                distinct(written));
    }

    /**
     * The label that an explanation's words argue for: its last statement of relevance, since a conclusion comes last.
     * Empty if it states none.
     */
    static OptionalInt verdict(String explanation) {
        String text = explanation.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        int partly = lastEnd(PARTLY, text);
        int not = lastEnd(NOT, text);
        int yes = lastEnd(YES, text);
        if (partly < 0 && not < 0 && yes < 0) {
            return OptionalInt.empty();
        }
        // "partially relevant" and "not relevant" also end in "relevant": at the same end the longer statement counts.
        if (partly >= 0 && partly >= Math.max(not, yes)) {
            return OptionalInt.of(1);
        }
        return OptionalInt.of(not >= 0 && not >= yes ? 0 : 2);
    }

    private static int lastEnd(Pattern pattern, String text) {
        int end = -1;
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            end = matcher.end();
        }
        return end;
    }

    private static OptionalDouble grounded(Explained one) {
        Set<String> known = new HashSet<>(words(one.document()));
        known.addAll(words(one.question()));
        return words(one.explanation()).stream()
                .filter(word -> word.length() > 1 && !COMMON.contains(word))
                .mapToInt(word -> known.contains(word) ? 1 : 0)
                .average();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT)); matcher.find(); ) {
            words.add(matcher.group());
        }
        return words;
    }

    private static Stream<Boolean> quotes(Explained one) {
        String source = spaced(one.document() + "\n" + one.question());
        return QUOTE.matcher(one.explanation())
                .results()
                .map(match -> source.contains(spaced(match.group(1)).replaceAll("[.,;]$", "")));
    }

    private static String spaced(String text) {
        return text.replaceAll("\\s+", " ").strip().toLowerCase(Locale.ROOT);
    }

    private static double distinct(List<Explained> written) {
        Set<String> seen = new HashSet<>();
        written.forEach(one -> seen.add(one.queryId() + "\n" + spaced(one.explanation())));
        return written.isEmpty() ? 0 : (double) seen.size() / written.size();
    }

    private static double share(Stream<Boolean> facts) {
        return facts.mapToInt(fact -> fact ? 1 : 0).average().orElse(0);
    }
}
