package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.ResidentMemory;
import dev.whyrank.model.torch.TorchTextEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** With the real widths: what oneDNN keeps of a product is as large as the matrix. */
class MiniLmMemoryTest {

    /** Kept for each number of tokens, products would take 12 MB a batch, and 240 MB here. */
    private static final int BATCHES = 20;

    private static final long KIBIBYTES = 120_000;
    private static final int LONG = 250;

    /** No batch has as many tokens as another; memory is let settle before on the blocks that they are made of. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void batchesOfTwentySizesLeaveResidentMemoryFlat() throws IOException {
        MiniLm model = MiniLm.load("cpu", 1);
        model.tokenizer().close();
        try (TorchTextEncoder encoder = model.encoder()) {
            for (int tokens = 8; tokens <= 256; tokens += 8) {
                encoder.encode(List.of(text(tokens)));
            }
            for (int i = 0; i < 3; i++) {
                encoder.encode(Collections.nCopies(4, text(LONG)));
            }
            long before = ResidentMemory.anonymousKibibytes();
            for (int fewer = 1; fewer <= BATCHES; fewer++) {
                encoder.encode(List.of(text(LONG), text(LONG), text(LONG), text(LONG - fewer)));
            }
            assertThat(ResidentMemory.anonymousKibibytes() - before)
                    .as("KiB grown")
                    .isLessThan(KIBIBYTES);
        }
    }

    private static int[] text(int length) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> 2000 + i);
        return ids;
    }
}
