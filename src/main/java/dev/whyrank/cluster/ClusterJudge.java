package dev.whyrank.cluster;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.EvidenceJudge;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.TextAnalysis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Has workers judge. What concerns all documents of a request (order, fusion, cascade, deadline) stays with whoever
 * asks, as with every other judge.
 */
public final class ClusterJudge implements Judge {

    private static final int CHARACTERS_PER_TOKEN = 3;
    private static final int TEMPLATE_TOKENS = 100;
    private static final Duration WITHOUT_WORKERS = Duration.ofSeconds(5);

    private final ClusterGateway gateway;
    private final TextAnalysis analysis;

    ClusterJudge(ClusterGateway gateway, TextAnalysis analysis) {
        this.gateway = gateway;
        this.analysis = analysis;
    }

    @Override
    public ExplanationKind kind() {
        return gateway.card().map(ModelCard::kind).orElse(ExplanationKind.REASONING);
    }

    @Override
    public LabelSet labels() {
        return gateway.card().map(ModelCard::labelSet).orElse(LabelSet.GRADED);
    }

    /**
     * Counts texts whole, whatever a model will read of them, so that it bounds what Redis holds; refuses what the
     * cluster has no room for.
     */
    @Override
    public long estimateTokens(RerankRequest request) {
        if (!gateway.isReady()) {
            throw new RerankException(
                    ErrorCode.NOT_READY,
                    "the cluster is not ready: Redis is away, or no worker has come yet",
                    WITHOUT_WORKERS);
        }
        RerankRequest.Options options = request.options();
        int count = request.candidates().size();
        int explained = options.explain() ? Math.min(count, options.explainTopN()) : 0;
        int passes = explained > 0 && explained < count ? 2 : 1;
        long each = request.candidates().stream()
                .mapToLong(candidate -> tokens(candidate.text()))
                .sum();
        long tasks = ((long) count + TaskMessage.MOST_DOCUMENTS - 1) / TaskMessage.MOST_DOCUMENTS;
        long all = passes * (each + tasks * prefix(request)) + (long) explained * explanation(options);
        gateway.admit(all);
        return all;
    }

    private static long prefix(RerankRequest request) {
        String instruction = request.options().instruction();
        return TEMPLATE_TOKENS + tokens(request.query()) + (instruction == null ? 0 : tokens(instruction));
    }

    private int explanation(RerankRequest.Options options) {
        return gateway.card()
                .filter(card -> card.kind() == ExplanationKind.REASONING)
                .map(card -> Math.min(options.maxExplanationTokens(), card.tokens() / 2))
                .orElse(0);
    }

    private static long tokens(String text) {
        return text.length() / CHARACTERS_PER_TOKEN + 1L;
    }

    @Override
    public Optional<StandIn> standIn(RerankRequest request) {
        return kind() == ExplanationKind.EVIDENCE ? EvidenceJudge.standIn(analysis, request) : Optional.empty();
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        List<TaskMessage> messages = new ArrayList<>();
        List<Integer> indices = task.indices();
        for (int from = 0; from < indices.size(); from += TaskMessage.MOST_DOCUMENTS) {
            int to = Math.min(indices.size(), from + TaskMessage.MOST_DOCUMENTS);
            messages.add(message(task, indices.subList(from, to)));
        }
        return gateway.begin(messages, task.mailbox(), listener);
    }

    private TaskMessage message(Task task, List<Integer> indices) {
        RerankRequest request = task.request();
        RerankRequest.Options options = request.options();
        List<TaskMessage.Text> documents = indices.stream()
                .map(index -> new TaskMessage.Text(
                        index,
                        Characters.wellFormed(request.candidates().get(index).text())))
                .toList();
        long tokens = prefix(request)
                + documents.stream()
                        .mapToLong(document -> tokens(document.text()))
                        .sum()
                + (task.explain() ? (long) indices.size() * explanation(options) : 0);
        Duration deadline = options.deadline();
        String instruction = options.instruction();
        return new TaskMessage(
                UUID.randomUUID().toString(),
                gateway.id(),
                request.id(),
                Lane.of(request.handling().priority()),
                0,
                Characters.wellFormed(request.query()),
                instruction == null ? null : Characters.wellFormed(instruction),
                task.explain(),
                options.maxExplanationTokens(),
                options.maxDocumentTokens(),
                options.truncate(),
                documents,
                tokens,
                deadline == null ? null : deadline.toMillis());
    }
}
