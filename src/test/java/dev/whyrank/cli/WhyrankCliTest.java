package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig.Family;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class WhyrankCliTest {

    private final Commands commands = new Commands();
    private final StringWriter out = commands.out;
    private final StringWriter err = commands.err;

    @TempDir
    private Path folder;

    private int run(String... args) {
        return commands.run(Map.of("HF_HOME", folder.toString()), args);
    }

    private void refused(String part, String... args) {
        err.getBuffer().setLength(0);
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(part);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void importSaysWhatAModelIsAndNeeds() {
        TinyCheckpoint.write(folder, Family.QWEN3, true, 1);
        assertThat(run("import", folder.toString(), "--dtype", "int8"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("qwen3", "F32 in the files, int8 in memory", "128 tokens", "64 bytes per token in float32")
                .contains("302 \"<|end|>\"", "\"<|start|>\"", "every tensor's place, type and shape in 1 file;")
                .containsPattern("Label tokens +48 \"0\", 49 \"1\", 50 \"2\"");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void keyPrintsAKeyAndItsDigestAndNeverTheSameTwice() throws Exception {
        assertThat(run("key")).isZero();
        assertThat(run("key")).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(4).doesNotHaveDuplicates();
        String key = lines.get(0).replaceFirst("key +", "");
        assertThat(key).matches("wr_[A-Za-z0-9_-]{43}");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        assertThat(lines.get(1)).isEqualTo("digest  sha256:" + HexFormat.of().formatHex(digest));
    }

    @Test
    void importRefusesABrokenModelInOneLine() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        byte[] weights = Files.readAllBytes(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length - 4));
        refused("model.safetensors: tensor model.norm.weight", "import", folder.toString());
        Files.delete(folder.resolve("model.safetensors"));
        refused("safetensors", "import", folder.toString());
        refused("neither a folder nor a name", "import", "nothing");
    }

    @Test
    void evidenceRefusesWhatItCannotMeasureInOneLine() throws Exception {
        Path records = Files.writeString(folder.resolve("dev.jsonl"), "{}\n");
        refused("dev.jsonl: line 1", "evidence", records.toString());
        refused("--fit needs --train", "evidence", records.toString(), "--fit", "scale.properties");
    }

    @Test
    void refusesWrongArgumentsInOneLine() {
        refused("--bogus", "import", "x", "--bogus");
        refused("MODEL", "import");
        refused("float128", "import", "x", "--dtype", "float128");
        refused("imprt", "imprt");
        refused("--bogus", "--bogus");
        refused("--prot", "serve", "--server.port=8080", "--prot=1");
        refused("belong together", "import", folder.toString(), "--chat-before", "a");
    }

    @Test
    void explainsItself() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("import", "measure", "evaluate", "rerank", "serve");
        assertThat(run("--version")).isZero();
        assertThat(run("import", "--help")).isZero();
        assertThat(out.toString()).contains("whyrank ", "--adapter", "--revision");
    }

    @Test
    void leavesServingToTheService() {
        assertThat(WhyrankCli.handles()).isFalse();
        assertThat(WhyrankCli.handles("serve", "--server.port=1")).isFalse();
        assertThat(WhyrankCli.handles("--server.port=1", "--debug", "--a.b[0].c-d=x y\nz"))
                .isFalse();
        assertThat(WhyrankCli.settings("serve", "--server.port=1")).containsExactly("--server.port=1");
        assertThat(WhyrankCli.handles("serve", "--bogus")).isTrue();
        assertThat(WhyrankCli.handles("import", "x")).isTrue();
        assertThat(WhyrankCli.handles("imprt")).isTrue();
        assertThat(WhyrankCli.handles("--help")).isTrue();
    }

    /** A command that ends in an error, which picocli does not take. */
    @Command(name = "fails")
    private record Failing(Error error) implements Runnable {

        @Override
        public void run() {
            throw error;
        }
    }

    private int fail(Error error) {
        err.getBuffer().setLength(0);
        return WhyrankCli.run(new CommandLine(new Failing(error)).setErr(new PrintWriter(err, true)));
    }

    @Test
    void aMachineThatCannotDrawIsToldWhatItLacks() {
        Error error = new UnsatisfiedLinkError("libfontmanager.so: libharfbuzz.so.0: cannot open");
        error.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("sun.font.FontManagerFactory", "x", null, 1)});
        assertThat(fail(error)).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("charts could not be drawn", "fontconfig", "libharfbuzz");
    }

    @Test
    void anErrorEndsTheCommandAndShowsWhere() {
        assertThat(fail(new AssertionError("of ours"))).isEqualTo(1);
        assertThat(err.toString()).contains("of ours", "WhyrankCliTest");
    }
}
