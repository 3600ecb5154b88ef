package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.torch.TorchTextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** With the real widths: what oneDNN keeps of a product is as large as the matrix. */
class MiniLmMemoryTest {

    private static final long SEED = 7;
    private static final int MOST_TOKENS = 160;

    /** Kept for each number of rows, products would take some 10 MB a batch, and half a gigabyte here. */
    private static final int BATCHES = 60;

    private static final long KIBIBYTES = 60_000;

    /** Every batch has a number of tokens that no other has, shared out among one to four texts. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void batchesOfSixtySizesLeaveResidentMemoryFlat() throws IOException {
        MiniLm model = MiniLm.load("cpu", 1);
        model.tokenizer().close();
        try (TorchTextEncoder encoder = model.encoder()) {
            for (int rows = 8; rows <= MOST_TOKENS; rows += 8) {
                encoder.encode(List.of(text(rows)));
            }
            long before = anonymousKibibytes();
            Random random = new Random(SEED);
            for (int tokens = MOST_TOKENS - BATCHES; tokens < MOST_TOKENS; tokens++) {
                int texts = 1 + random.nextInt(4);
                int share = tokens / texts;
                int first = tokens - share * (texts - 1);
                encoder.encode(IntStream.range(0, texts)
                        .mapToObj(i -> text(i == 0 ? first : share))
                        .toList());
            }
            assertThat(anonymousKibibytes() - before)
                    .as("KiB grown, seed %d", SEED)
                    .isLessThan(KIBIBYTES);
        }
    }

    private static int[] text(int length) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> 2000 + i);
        return ids;
    }

    private static long anonymousKibibytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
