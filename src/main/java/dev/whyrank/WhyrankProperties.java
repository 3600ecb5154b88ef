package dev.whyrank;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.rerank.TextAnalysis;
import dev.whyrank.rerank.remote.ChatEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is served, and with how much of the machine.
 *
 * @param model {@code embedded}, {@code lab} (a tiny reasoner for its own generated world), a checkpoint folder, the
 *     name of a checkpoint that {@code whyrank import} has fetched, or {@code openai:URL#MODEL} for a model behind an
 *     OpenAI-compatible chat endpoint
 * @param adapter folder of a LoRA adapter to merge into the checkpoint
 * @param format prompt and answer format: {@code interank}, {@code interank-base} (for a model that was not tuned for
 *     it), {@code rank1}, {@code qwen3-reranker} or {@code generic}; {@code auto} is {@code interank-base} for a remote
 *     model and {@code interank} for a checkpoint; the embedded model ignores it
 * @param system system text of every prompt; unset: the chat template's own default
 * @param chat text around the user's words, in place of the checkpoint's chat template
 * @param drainTimeout how long running requests may continue after the service is told to stop; then they fail
 * @param engine the engine's share of the machine
 * @param queue how much may wait
 * @param cache the result cache
 * @param evidence how the embedded model compares words
 * @param generic prompt and answer of the format {@code generic}
 * @param remote how a remote model is reached
 */
@ConfigurationProperties("whyrank")
public record WhyrankProperties(
        @DefaultValue("embedded") String model,
        @Nullable Path adapter,
        @DefaultValue("auto") String format,
        @Nullable String system,
        @DefaultValue Chat chat,
        @DefaultValue("30s") Duration drainTimeout,
        @DefaultValue Engine engine,
        @DefaultValue Queue queue,
        @DefaultValue Cache cache,
        @DefaultValue Evidence evidence,
        @DefaultValue Generic generic,
        @DefaultValue Remote remote) {

    /**
     * How a checkpoint's prompts are wrapped.
     *
     * @param before text before the user's words, instead of what the checkpoint's chat template says; goes with
     *     {@code after}
     * @param after text behind the user's words, where the answer begins
     * @param thinking true to let a model that can think in a block of its own before it answers do so
     */
    public record Chat(
            @Nullable String before,
            @Nullable String after,
            @DefaultValue("false") boolean thinking) {

        public Chat {
            if ((before == null) != (after == null)) {
                throw new InvalidInputException("whyrank.chat." + (before == null ? "after" : "before")
                        + " is set alone; set whyrank.chat.before and whyrank.chat.after, or neither");
            }
        }
    }

    /**
     * How the embedded model compares words, in explanations and in the BM25 that stands in for scores.
     *
     * @param analyzer {@code english} (ignores word endings and the most common words) or {@code standard} (any
     *     language)
     */
    public record Evidence(@DefaultValue("english") TextAnalysis analyzer) {}

    /**
     * A format for a model of another kind.
     *
     * @param template the user's turn, with {@code {query}}, {@code {document}} and, optionally, {@code {instruction}}
     * @param label regular expression for the label, which follows the marker
     * @param labels the labels from worst to best, each one token of the model; {@code 0-5} stands for all numbers in
     *     that range
     * @param marker regular expression for what separates explanation and label
     * @param forcedText appended to an answer that ends before its label; contains the marker, and what the model
     *     writes next is read as the label
     * @param stops strings that end the answer
     * @param explains false for a model that writes its label at once; explanations are then empty
     */
    public record Generic(
            @DefaultValue("") String template,
            @DefaultValue("0-2") List<String> labels,
            @DefaultValue("(?i)score:\\s*") String marker,
            @DefaultValue("\\d+") String label,
            @DefaultValue("\n\nScore: ") String forcedText,
            @DefaultValue List<String> stops,
            @DefaultValue("true") boolean explains) {}

    /**
     * How a model elsewhere is reached.
     *
     * @param apiKey sent as a bearer token; set it as an environment variable, to keep it out of files and the process
     *     list
     * @param concurrency documents sent to the endpoint at once; the others wait here
     * @param attempts attempts per document, including the first; none is made once part of the answer has arrived
     * @param connectTimeout limit for establishing a connection
     * @param idleTimeout how long an answer may pause before its document fails; must exceed the time the model needs
     *     for a prompt
     * @param timeout how long an answer may take before its document fails
     * @param documentCharacters characters of a document that are sent; longer documents are cut
     */
    public record Remote(
            @Nullable String apiKey,
            @DefaultValue("16") int concurrency,
            @DefaultValue("3") int attempts,
            @DefaultValue("10s") Duration connectTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("10m") Duration timeout,
            @DefaultValue("32000") int documentCharacters) {

        public Remote {
            requireAtLeast(1, "remote.concurrency", concurrency);
            requireAtLeast(1, "remote.attempts", attempts);
            requireAtLeast(1, "remote.connect-timeout", connectTimeout.toMillis());
            requireAtLeast(1, "remote.idle-timeout", idleTimeout.toMillis());
            requireAtLeast(1, "remote.timeout", timeout.toMillis());
            requireAtLeast(1, "remote.document-characters", documentCharacters);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Remote[concurrency=" + concurrency + ", attempts=" + attempts + "]";
        }
    }

    /**
     * The result cache. A reused judgement costs no tokens and says so in {@code usage.cache_hits}; a request with
     * {@code Cache-Control: no-cache} has everything judged anew, one with {@code no-store} is not kept either.
     *
     * @param enabled false to judge every document, however often it is sent
     * @param maxSize heap for cached results; the least used are evicted first
     * @param ttl how long a cached result is reused
     */
    public record Cache(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("64MB") DataSize maxSize,
            @DefaultValue("1h") Duration ttl) {

        public Cache {
            requireAtLeast(1, "cache.max-size", maxSize.toBytes());
            requireAtLeast(1, "cache.ttl", ttl.toMillis());
        }
    }

    /** The model that needs no folder. */
    static final String EMBEDDED = "embedded";

    /**
     * Checks what can be checked without the model.
     *
     * @throws InvalidInputException if settings are out of range or contradict each other, here and below
     */
    public WhyrankProperties {
        requireAtLeast(0, "drain-timeout", drainTimeout.toMillis());
        if (model.isBlank()) {
            throw new InvalidInputException("whyrank.model is empty; give a checkpoint's folder, or " + EMBEDDED);
        }
        if (adapter != null && (model.equals(EMBEDDED) || ChatEndpoint.isNamed(model))) {
            throw new InvalidInputException("whyrank.adapter is merged into a checkpoint, but whyrank.model is the "
                    + (model.equals(EMBEDDED) ? "embedded" : "remote") + " one;"
                    + " set whyrank.model to the checkpoint's folder or drop the adapter");
        }
    }

    private static void requireAtLeast(long least, String name, long value) {
        if (value < least) {
            throw new InvalidInputException("whyrank." + name + " is " + value + "; give " + least + " or more");
        }
    }

    /**
     * The machine's share.
     *
     * @param precision precision of the model's weight matrices: {@code float32}, {@code bfloat16} (half the memory) or
     *     {@code int8} (a quarter, and the fastest on CPU)
     * @param device {@code auto} (a GPU if there is one), {@code cpu} or {@code cuda:N}
     * @param threads libtorch's threads on CPU; 0 leaves one core to the web tier
     * @param kvMemory memory for the key-value cache; with more of it, more documents run at once
     * @param slotLength tokens of prompt and explanation per document; longer documents are cut
     * @param maxSlots most sequences at once: documents and the prefixes that a request's documents share
     * @param tokenBudget most tokens per step; a larger budget reads prompts faster but makes running streams wait
     *     longer
     * @param stallTimeout how long one step may take before liveness fails, so that a supervisor restarts the process;
     *     must exceed the slowest legitimate step
     */
    public record Engine(
            @DefaultValue("bfloat16") Precision precision,
            @DefaultValue("auto") String device,
            @DefaultValue("0") int threads,
            @DefaultValue("2GB") DataSize kvMemory,
            @DefaultValue("2048") int slotLength,
            @DefaultValue("64") int maxSlots,
            @DefaultValue("512") int tokenBudget,
            @DefaultValue("5m") Duration stallTimeout) {

        public Engine {
            requireAtLeast(0, "engine.threads", threads);
            requireAtLeast(1, "engine.kv-memory", kvMemory.toBytes());
            requireAtLeast(1, "engine.slot-length", slotLength);
            requireAtLeast(1, "engine.max-slots", maxSlots);
            requireAtLeast(1, "engine.token-budget", tokenBudget);
            requireAtLeast(1, "engine.stall-timeout", stallTimeout.toMillis());
        }

        /** Libtorch's threads, with 0 resolved. */
        int resolvedThreads() {
            return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        }
    }

    /**
     * How much may wait.
     *
     * @param maxTokens estimated tokens of all accepted requests; above it, requests get 429 with {@code Retry-After}
     * @param maxRequestTokens estimated tokens of one request; larger requests get 413
     * @param workers threads that tokenise prompts and parse answers; 0 for one per core
     */
    public record Queue(
            @DefaultValue("1000000") long maxTokens,
            @DefaultValue("1000000") long maxRequestTokens,
            @DefaultValue("0") int workers) {

        public Queue {
            requireAtLeast(0, "queue.workers", workers);
            requireAtLeast(1, "queue.max-request-tokens", maxRequestTokens);
            if (maxTokens < maxRequestTokens) {
                throw new InvalidInputException("whyrank.queue.max-tokens is " + maxTokens
                        + ", less than whyrank.queue.max-request-tokens, " + maxRequestTokens
                        + ": one request must fit; raise the first or lower the second");
            }
        }

        /** Worker threads, with 0 resolved. */
        int resolvedWorkers() {
            return workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
        }
    }
}
