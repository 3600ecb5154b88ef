package dev.whyrank.rerank.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Mailbox;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Transcript;
import dev.whyrank.tokenize.ChatWrapper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A remote judge over real HTTP, whose endpoint behaves as a test says. */
final class RemoteLaboratory implements AutoCloseable {

    /** Characters after which a document is cut. */
    static final int LONGEST = 200;

    private static final ChatWrapper NO_MARKUP = new ChatWrapper("", "");
    static final PromptFormat EXPLAINING = PromptFormat.interankExplain(NO_MARKUP);
    static final PromptFormat LABELLING = PromptFormat.interankLabel(NO_MARKUP);

    final FakeChat fake = new FakeChat(FakeChat::answerWell);
    final ChatClient client;
    final RemoteJudge judge;

    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    /** So many documents are asked about at once. */
    RemoteLaboratory(int atOnce) {
        this(atOnce, null);
    }

    RemoteLaboratory(int atOnce, @Nullable String system) {
        Duration patience = Duration.ofSeconds(20);
        client = new ChatClient(
                ChatEndpoint.of(fake.url(), "judge", null),
                new ChatPolicy(
                        1, Duration.ofMillis(10), Duration.ofSeconds(1), patience, patience, patience, atOnce, 0));
        judge = new RemoteJudge(client, new RemoteJudge.Asking(EXPLAINING, LABELLING, system), atOnce, LONGEST);
    }

    /** Answers the question for an explanation in one way and the demand for a label in another. */
    static FakeChat.Script askedTwice(FakeChat.Script explanation, FakeChat.Script label) {
        return (request, answer) -> {
            String words = FakeChat.lastWords(request);
            (words.startsWith("Stop here") ? label : explanation).answer(request, answer);
        };
    }

    static RerankRequest.Options options(boolean explain, int topN, boolean truncate) {
        return new RerankRequest.Options(explain, topN, 50, 1000, truncate, 0.7, null, null);
    }

    static RerankRequest request(RerankRequest.Options options, String... documents) {
        List<RerankRequest.Candidate> candidates = Stream.of(documents)
                .map(text -> new RerankRequest.Candidate(text, null))
                .toList();
        return new RerankRequest("r", "Why?", candidates, options);
    }

    static RerankRequest explaining(String... documents) {
        return request(options(true, 1000, true), documents);
    }

    Judge.Judging judge(RerankRequest request, Transcript heard) {
        Mailbox mailbox = new Mailbox(pool, broken -> {
            throw new AssertionError(broken);
        });
        return judge(request, heard, mailbox);
    }

    Judge.Judging judge(RerankRequest request, Transcript heard, Executor mailbox) {
        List<Integer> all =
                IntStream.range(0, request.candidates().size()).boxed().toList();
        return judge.judge(new Judge.Task(request, all, request.options().explain(), mailbox, () -> false), heard);
    }

    /** Judges to the end. */
    Transcript run(RerankRequest request) {
        Transcript heard = new Transcript();
        judge(request, heard);
        return heard.awaitEnds(request.candidates().size());
    }

    /** That turns are free is shown by a document that gets one. */
    void requireFreeTurn() {
        fake.script(FakeChat::answerWell);
        assertThat(run(explaining("An egg.")).judgement(0).label()).isEqualTo(2);
    }

    static void await(String what, BooleanSupplier reached) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!reached.getAsBoolean()) {
                assertThat(System.nanoTime()).as(what).isLessThan(end);
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        fake.close();
        pool.shutdownNow();
    }
}
