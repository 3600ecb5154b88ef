package dev.whyrank.checkpoint;

import dev.whyrank.checkpoint.HubListing.HubFile;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * One file on its way: it grows as {@code name.part}, over as many attempts as it takes, and gets its name only when
 * size and hash are right. So a file with its name is a file that was checked.
 */
final class PartialFile {

    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int BUFFER_BYTES = 1 << 16;

    private final HubFile file;
    private final Path target;
    private final Path part;
    private final DownloadListener listener;

    PartialFile(HubFile file, Path folder, DownloadListener listener) {
        this.file = file;
        this.listener = listener;
        target = folder.resolve(file.name());
        part = folder.resolve(file.name() + ".part");
    }

    boolean complete() throws IOException {
        return Files.isRegularFile(target) && Files.size(target) == file.size();
    }

    /** Asks for the file from a byte on. */
    @FunctionalInterface
    interface Source {
        HttpResponse<InputStream> from(long offset) throws IOException;
    }

    /**
     * Fetches what is missing and checks the whole.
     *
     * @throws IOException if the connection broke in every attempt; the part stays for the next time
     * @throws InvalidInputException if what came is not what the hub announced; the part is discarded
     */
    void fetch(Source source) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new InvalidInputException(part + ": is being downloaded by another process; wait for it");
            }
            listener.started(file.name(), file.size(), Math.min(channel.size(), file.size()));
            fillWithRetries(channel, source);
            check(channel);
        } finally {
            listener.ended();
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private void fillWithRetries(FileChannel channel, Source source) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                fill(channel, source);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /** A hub that is asked too much answers no sooner for being asked again at once. */
    private static void pause(int attempt) throws IOException {
        try {
            Thread.sleep(PAUSE.multipliedBy(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between two attempts", e);
        }
    }

    private void fill(FileChannel channel, Source source) throws IOException {
        if (channel.size() > file.size()) {
            restart(channel);
        }
        long present = channel.size();
        if (present == file.size()) {
            return;
        }
        HttpResponse<InputStream> response = source.from(present);
        try (InputStream body = response.body()) {
            String range = response.headers().firstValue("Content-Range").orElse("");
            if (response.statusCode() == 200) {
                restart(channel);
            } else if (response.statusCode() != 206 || !range.startsWith("bytes " + present + "-")) {
                restart(channel);
                throw new IOException("the hub cannot continue at byte " + present);
            }
            append(body, channel);
        }
        if (channel.size() < file.size()) {
            throw new IOException("the connection ended at byte " + channel.size() + " of " + file.size());
        }
    }

    private void restart(FileChannel channel) throws IOException {
        listener.advanced(-Math.min(channel.size(), file.size()));
        channel.truncate(0);
    }

    private void append(InputStream body, FileChannel channel) throws IOException {
        channel.position(channel.size());
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            if (channel.position() + n > file.size()) {
                channel.truncate(0);
                throw new InvalidInputException(
                        file.name() + ": is larger than the hub announced; it was discarded, try again");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            listener.advanced(n);
        }
    }

    private void check(FileChannel channel) throws IOException {
        MessageDigest digest = digest();
        if (!file.large()) {
            digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        channel.position(0);
        while (channel.read(buffer) >= 0) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(file.hash())) {
            channel.truncate(0);
            throw new InvalidInputException(file.name() + ": has the hash " + actual + " where the hub states "
                    + file.hash() + "; it was discarded, try again");
        }
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(file.large() ? "SHA-256" : "SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1 and SHA-256", e);
        }
    }
}
