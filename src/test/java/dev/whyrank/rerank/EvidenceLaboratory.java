package dev.whyrank.rerank;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Judging by evidence with an encoder that counts the letter x. */
final class EvidenceLaboratory {

    static final int WINDOW = 42;
    static final EvidenceJudge.Frame FRAME =
            new EvidenceJudge.Frame(new int[] {ByteCodec.USER}, new int[] {ByteCodec.END}, WINDOW);

    /** Of the cosine alone: partly from 0.3, fully from 0.5. */
    static final OrdinalScale SCALE = new OrdinalScale(16, 0, 4.8, 8, 0.25, 0.75);

    final List<int[]> encoded = new CopyOnWriteArrayList<>();

    /** How often the letter x occurs decides how close a text is to a query of nothing else. */
    CompletableFuture<List<float[]>> encode(List<int[]> texts) {
        encoded.addAll(texts);
        return CompletableFuture.completedFuture(texts.stream()
                .map(ids -> {
                    long close = Arrays.stream(ids).filter(id -> id == 'x').count();
                    double angle = Math.PI / 2 * (1 - (double) close / (ids.length - 2));
                    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
                })
                .toList());
    }

    /** Knows one token, in words that begin with x. */
    static TokenCodec deaf() {
        return new TokenCodec() {
            @Override
            public int[] encodeText(String words) {
                return words.startsWith("x") ? new int[] {'x'} : new int[0];
            }

            @Override
            public int[] encodeMarkup(String words) {
                return encodeText(words);
            }

            @Override
            public byte[] of(int token) {
                return new byte[0];
            }
        };
    }

    LocalReranker reranker(Function<List<int[]>, CompletableFuture<List<float[]>>> encoder) {
        return reranker(encoder, new ByteCodec());
    }

    LocalReranker reranker(Function<List<int[]>, CompletableFuture<List<float[]>>> encoder, TokenCodec codec) {
        EvidenceJudge judge = new EvidenceJudge(encoder::apply, codec, FRAME, SCALE, TextAnalysis.ENGLISH);
        return new LocalReranker(
                "evidence", judge, new LocalReranker.Settings(100_000, 100_000, 2), RerankObserver.NONE);
    }

    static RerankRequest request(RerankRequest.Options options, String... documents) {
        return new RerankRequest(
                "r", "xxx", Laboratory.request(options, documents).candidates(), options);
    }

    Recording run(RerankRequest request) {
        try (LocalReranker reranker = reranker(this::encode)) {
            Recording heard = new Recording();
            reranker.rerank(request, heard);
            return heard.await();
        }
    }
}
