package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.evaluate.Run.Scored;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrecFilesTest {

    @TempDir
    Path folder;

    @Test
    void qrelsLineWithThreeFieldsStopsWithItsNumber() throws IOException {
        Path file = write("a.qrels", "q1 0 d1 1\nq1 0 d2\n");
        assertThatThrownBy(() -> TrecFiles.readQrels(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file + ": line 2: has 3 fields");
    }

    @Test
    void documentJudgedTwiceStops() throws IOException {
        Path file = write("a.qrels", "q1 0 d1 1\n\nq1 0 d1 2\n");
        assertThatThrownBy(() -> TrecFiles.readQrels(file))
                .hasMessageContaining("line 3: document 'd1' is judged twice");
    }

    @Test
    void gradeThatIsNoNumberStops() throws IOException {
        Path file = write("a.qrels", "q1 0 d1 yes\n");
        assertThatThrownBy(() -> TrecFiles.readQrels(file)).hasMessageContaining("line 1: grade 'yes'");
    }

    @Test
    void readsQrelsOfBeirByTheirHeader() throws IOException {
        Path file = write("test.tsv", "query-id\tcorpus-id\tscore\r\nq1\td 1\t2\r\n");
        assertThat(TrecFiles.readQrels(file).of("q1")).containsExactly(Map.entry("d 1", 2));
    }

    @Test
    void invalidUtf8StopsWithItsLine() throws IOException {
        Path file = folder.resolve("a.run");
        byte[] text = "q1 Q0 d1 1 2.0 t\nq1 Q0 dX 2 1.0 t\n".getBytes(StandardCharsets.UTF_8);
        text[24] = (byte) 0xff;
        Files.write(file, text);
        assertThatThrownBy(() -> TrecFiles.readRun(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 2: is not UTF-8");
    }

    @Test
    void documentRunTwiceAndScoresThatAreNoNumbersStop() throws IOException {
        Path twice = write("a.run", "q1 Q0 d1 1 2.0 t\nq1 Q0 d1 2 1.0 t\n");
        assertThatThrownBy(() -> TrecFiles.readRun(twice)).hasMessageContaining("line 2: document 'd1' occurs twice");
        Path nan = write("b.run", "q1 Q0 d1 1 NaN t\n");
        assertThatThrownBy(() -> TrecFiles.readRun(nan)).hasMessageContaining("line 1: score 'NaN'");
    }

    @Test
    void missingAndEmptyFilesStop() throws IOException {
        assertThatThrownBy(() -> TrecFiles.readRun(folder.resolve("none"))).hasMessageContaining("no such file");
        Path empty = write("empty", "\n");
        assertThatThrownBy(() -> TrecFiles.readQrels(empty)).hasMessageContaining("no judgements");
    }

    /** Equal scores, scores equal in 32 bits only, and scores that even rise: all must be read back in order. */
    @Test
    void writtenScoresFallStrictlyInThirtyTwoBits() throws IOException {
        Path file = folder.resolve("out.run");
        List<Scored> ranked = List.of(
                new Scored("a", 0.5),
                new Scored("b", 0.5),
                new Scored("c", 0.5 - 1e-12),
                new Scored("d", 0.7),
                new Scored("e", 0));
        TrecFiles.writeRun(file, Map.of("q", ranked), "t");
        List<Float> scores = Files.readAllLines(file).stream()
                .map(line -> Float.valueOf(line.split(" ", -1)[4]))
                .toList();
        for (int i = 1; i < scores.size(); i++) {
            assertThat(scores.get(i)).isLessThan(scores.get(i - 1));
        }
        assertThat(TrecFiles.readRun(file).ranked("q"))
                .extracting(Scored::documentId)
                .containsExactly("a", "b", "c", "d", "e");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
