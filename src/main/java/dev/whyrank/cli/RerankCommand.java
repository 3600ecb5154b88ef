package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whyrank rerank}: ranks the lines of files by a question and says why, without a service. */
@Command(
        name = "rerank",
        mixinStandardHelpOptions = true,
        description = {
            "Ranks documents by a question and says why.",
            "Whatever the service can be told by WHYRANK_… variables holds here, too."
        })
final class RerankCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "One document on each line: plain text, or a JSON object with text, and possibly title and id."
                            + " - reads standard input.")
    private List<String> files = List.of();

    @Option(names = "--query", required = true, paramLabel = "Q", description = "The question.")
    private String query = "";

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Folder of a checkpoint, its name on the hub, or lab (default: the embedded model).")
    private @Nullable String model;

    @Option(names = "--top", paramLabel = "N", description = "Show only the best so many (default: all).")
    private int top = Integer.MAX_VALUE;

    @Option(names = "--json", description = "Print one JSON document, like the service's answer.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final RerankerFactory factory;
    private final InputStream in;

    RerankCommand(RerankerFactory factory, InputStream in) {
        this.factory = factory;
        this.in = in;
    }

    @Override
    public Integer call() throws Exception {
        if (query.isBlank()) {
            throw new InvalidInputException("--query is empty; ask something");
        }
        if (top < 1) {
            throw new InvalidInputException("--top is " + top + "; give 1 or more");
        }
        List<InputDocument> documents = InputDocument.read(files, in);
        return OrderlyEnd.interrupting(spec.commandLine().getErr(), "interrupted", () -> rerank(documents));
    }

    private void rerank(List<InputDocument> documents) throws InterruptedException {
        try (RerankerFactory.Opened opened = factory.open(model)) {
            rerank(opened.reranker(), documents);
        } catch (RerankException e) {
            throw refused(e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** Events come on the reranker's threads, which must not wait for a terminal. */
    private void rerank(Reranker reranker, List<InputDocument> documents) throws InterruptedException {
        List<Candidate> candidates = documents.stream()
                .map(document -> new Candidate(document.whole(), null))
                .toList();
        BlockingQueue<RerankEvent> events = new LinkedBlockingQueue<>();
        reranker.rerank(new RerankRequest("command", query, candidates, Options.DEFAULT), events::add);
        PrintWriter out = spec.commandLine().getOut();
        RankingText text = new RankingText(documents, out);
        RerankEvent event = events.take();
        while (!(event instanceof RerankEvent.Completed completed)) {
            show(event, text);
            event = events.take();
        }
        if (json) {
            out.println(new RankingJson(documents, reranker.explanationKind()).of(reranker.model(), completed, top));
            out.flush();
        } else {
            text.ranking(completed, top);
        }
    }

    private void show(RerankEvent event, RankingText text) {
        if (event instanceof RerankEvent.Failed failed) {
            throw refused(failed.code(), failed.message());
        } else if (!json && event instanceof RerankEvent.DocumentCompleted judged) {
            text.judged(judged);
        } else if (!json && event instanceof RerankEvent.DocumentFailed failed) {
            text.failed(failed);
        }
    }

    private static RuntimeException refused(ErrorCode code, String message) {
        return code == ErrorCode.ENGINE_FAILURE
                ? new IllegalStateException(message)
                : new InvalidInputException("not ranked: " + message);
    }
}
