package dev.whyrank.cluster;

import dev.whyrank.cluster.ClusterProperties.Role;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.ScriptedReranker;
import dev.whyrank.rerank.TextAnalysis;
import java.time.Duration;

/** Parts of a cluster over a real Redis, all in this process, each with a connection of its own. */
public final class ScriptedCluster {

    /** How long a dead worker is taken for a living one here. */
    public static final Duration CLAIM_AFTER = Duration.ofSeconds(1);

    private ScriptedCluster() {}

    static ClusterProperties properties(String url, long maxTokens) {
        return new ClusterProperties(
                url, null, null, "test", Role.ALL, maxTokens, 0, CLAIM_AFTER, 3, Duration.ofSeconds(2));
    }

    /** A gateway and the reranker over it. */
    public static final class GatewayNode implements AutoCloseable {

        final RedisLink link;
        final ClusterGateway gateway;
        final LocalReranker reranker;

        public GatewayNode(RedisServer redis, long maxTokens, ClusterListener listener) {
            ClusterProperties properties = properties(redis.url(), maxTokens);
            link = new RedisLink(properties);
            gateway = new ClusterGateway(link, properties, null, listener);
            reranker = new LocalReranker(
                    gateway::model,
                    gateway.judge(TextAnalysis.ENGLISH),
                    new LocalReranker.Settings(100_000_000, 100_000_000, 2),
                    RerankObserver.NONE);
        }

        public LocalReranker reranker() {
            return reranker;
        }

        public boolean isReady() {
            return gateway.isReady();
        }

        @Override
        public void close() {
            reranker.close();
            gateway.close();
            link.close();
        }
    }

    /** A worker with a model of its own. */
    public static final class WorkerNode implements AutoCloseable {

        final RedisLink link;
        final ScriptedReranker scripted;
        final ClusterWorker worker;
        volatile boolean fit = true;

        public WorkerNode(RedisServer redis, int slots, ClusterListener listener) {
            this(redis.url(), slots, listener);
        }

        WorkerNode(String redis, int slots, ClusterListener listener) {
            ClusterProperties properties = properties(redis, Long.MAX_VALUE);
            link = new RedisLink(properties);
            scripted = new ScriptedReranker(slots, EngineListener.NONE, RerankObserver.NONE);
            ModelCard card = ModelCard.of("scripted", scripted.judge(), 1400);
            worker = new ClusterWorker(
                    link, properties, scripted.judge(), card, new ClusterWorker.Size(slots, 2), listener, () -> fit);
        }

        public ScriptedReranker scripted() {
            return scripted;
        }

        @Override
        public void close() {
            worker.close();
            scripted.close();
            link.close();
        }
    }
}
