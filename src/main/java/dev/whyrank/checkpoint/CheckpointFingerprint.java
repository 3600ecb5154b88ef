package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells one model folder from another by its content, wherever it lies. Of large files only samples are read: training
 * changes nearly every number, and reading gigabytes would delay the start.
 */
public final class CheckpointFingerprint {

    private static final int SAMPLE_BYTES = 16 << 10;
    private static final int SAMPLES = 64;

    private CheckpointFingerprint() {}

    /**
     * A digest of names, sizes and samples of all files of a folder.
     *
     * @throws InvalidInputException if they cannot be read
     */
    public static String of(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<Path> files = entries.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                add(digest, file);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            digest.update((file.getFileName() + "\n" + size + "\n").getBytes(StandardCharsets.UTF_8));
            long stride = Math.max(SAMPLE_BYTES, size / SAMPLES);
            for (long at = 0; at < size; at += stride) {
                ByteBuffer sample = ByteBuffer.allocate((int) Math.min(SAMPLE_BYTES, size - at));
                int read;
                do {
                    read = channel.read(sample, at + sample.position());
                } while (read > 0 && sample.hasRemaining());
                digest.update(sample.flip());
            }
        }
    }
}
