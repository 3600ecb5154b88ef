package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is lost, doubled, late or mixed, one story comes out of it. */
class DocumentMergeTest {

    private static final int INDEX = 4;
    private static final String TEXT = "It mentions eggs and says how long they boil.";
    private static final Run FIRST = new Run(1, "a");
    private static final Run SECOND = new Run(2, "b");

    /** What a client would hold. */
    private static final class Client implements Judge.Listener {
        final StringBuilder text = new StringBuilder();
        int restarts;
        int ends;

        @Override
        public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
            assertThat(ends).isZero();
        }

        @Override
        public void delta(int index, String more) {
            assertThat(ends).isZero();
            assertThat(more).isNotEmpty();
            text.append(more);
        }

        @Override
        public void restarted(int index, int attempt) {
            assertThat(ends).isZero();
            assertThat(attempt).isPositive();
            text.setLength(0);
            restarts++;
        }

        @Override
        public void judged(int index, Judgement judgement) {
            assertThat(text).hasToString(judgement.explanation());
            ends++;
        }

        @Override
        public void failed(int index, ErrorCode code, String message) {
            ends++;
        }

        @Override
        public void withdrawn(int index) {
            ends++;
        }
    }

    private final Client client = new Client();
    private final DocumentMerge merge = new DocumentMerge(INDEX);

    private void hear(Run run, TaskEvent.OfDocument event) {
        merge.accept(run, event, client);
    }

    private static TaskEvent.Judged judged(String text) {
        return new TaskEvent.Judged(INDEX, WireTest.judgement(text, 0.5));
    }

    @Test
    void startsOverWithALaterAttemptAndDropsWhatIsLeftOfTheEarlier() {
        hear(FIRST, new TaskEvent.Delta(INDEX, 0, "It "));
        hear(SECOND, new TaskEvent.Started(INDEX, 1, 0, false));
        hear(FIRST, new TaskEvent.Delta(INDEX, 3, "mentions"));
        hear(SECOND, new TaskEvent.Delta(INDEX, 0, "It men"));
        assertThat(client.text).hasToString("It men");
        assertThat(client.restarts).isEqualTo(1);
    }

    @Test
    void takesTheFirstEndWhoeverTellsIt() {
        hear(SECOND, new TaskEvent.Delta(INDEX, 0, "It "));
        hear(FIRST, judged(TEXT));
        hear(SECOND, judged("Something else."));
        hear(SECOND, new TaskEvent.Failed(INDEX, ErrorCode.ENGINE_FAILURE, "late"));
        assertThat(client.ends).isEqualTo(1);
        assertThat(client.text).hasToString(TEXT);
        assertThat(client.restarts).isZero();
    }

    @Test
    void saysNothingOfARestartBeforeAnythingWasTold() {
        hear(new Run(2, "b"), new TaskEvent.Started(INDEX, 1, 0, false));
        hear(new Run(3, "c"), new TaskEvent.Started(INDEX, 1, 0, false));
        assertThat(client.restarts).isEqualTo(1);
        DocumentMerge other = new DocumentMerge(INDEX);
        Client fresh = new Client();
        other.accept(new Run(2, "b"), new TaskEvent.Delta(INDEX, 0, "x"), fresh);
        assertThat(fresh.restarts).isZero();
    }

    @Test
    void closesGapsAndSkipsWhatItKnows() {
        hear(FIRST, new TaskEvent.Delta(INDEX, 0, "It ment"));
        hear(FIRST, new TaskEvent.Delta(INDEX, 3, "mentions"));
        hear(FIRST, new TaskEvent.Delta(INDEX, 20, "and"));
        assertThat(client.text).hasToString("It mentions");
        hear(FIRST, judged(TEXT));
        assertThat(client.text).hasToString(TEXT);
    }

    @Test
    void replacesATextThatTheEndContradicts() {
        hear(FIRST, new TaskEvent.Delta(INDEX, 0, "Quite another"));
        hear(SECOND, judged(TEXT));
        assertThat(client.text).hasToString(TEXT);
        assertThat(client.restarts).isEqualTo(1);
    }

    /** Runs of the same document, their events lost, doubled and interleaved by chance. */
    @Test
    void tellsOneStoryOverThousandsOfBadDays() {
        for (long seed = 1; seed <= 5000; seed++) {
            Random chance = new Random(seed);
            Client told = new Client();
            DocumentMerge document = new DocumentMerge(INDEX);
            for (Heard heard : badDay(chance)) {
                document.accept(heard.run(), heard.event(), told);
            }
            document.accept(new Run(9, "last"), judged(TEXT), told);
            assertThat(told.ends).as("seed %d", seed).isEqualTo(1);
            assertThat(document.ended()).isTrue();
        }
    }

    private record Heard(Run run, TaskEvent.OfDocument event) {}

    private static List<Heard> badDay(Random chance) {
        List<List<Heard>> runs = new ArrayList<>();
        for (int run = 0; run < 1 + chance.nextInt(4); run++) {
            runs.add(run(new Run(1 + chance.nextInt(3), "run" + run), chance));
        }
        List<Heard> all = new ArrayList<>();
        while (runs.stream().anyMatch(run -> !run.isEmpty())) {
            List<Heard> next = runs.get(chance.nextInt(runs.size()));
            if (!next.isEmpty()) {
                Heard heard = next.remove(0);
                int times = chance.nextInt(10) == 0 ? 0 : chance.nextInt(10) == 0 ? 2 : 1;
                for (int i = 0; i < times; i++) {
                    all.add(heard);
                }
            }
        }
        return all;
    }

    /** One run, which may break off anywhere, and now and then writes something else than the others. */
    private static List<Heard> run(Run run, Random chance) {
        String text = chance.nextInt(8) == 0 ? "A near tie went the other way here." : TEXT;
        List<Heard> heard = new ArrayList<>();
        heard.add(new Heard(run, new TaskEvent.Started(INDEX, 1, 0, false)));
        int end = chance.nextInt(3) == 0 ? text.length() : chance.nextInt(text.length());
        for (int at = 0; at < end; ) {
            int to = Math.min(end, at + 1 + chance.nextInt(6));
            heard.add(new Heard(run, new TaskEvent.Delta(INDEX, at, text.substring(at, to))));
            at = to;
        }
        if (end == text.length()) {
            heard.add(new Heard(run, judged(text)));
        }
        return heard;
    }
}
