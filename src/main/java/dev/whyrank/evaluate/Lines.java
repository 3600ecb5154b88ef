package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A UTF-8 file, line by line, strictly: bytes that are no text are an error with their line number. */
final class Lines implements AutoCloseable {

    private static final int MAX_LINE_BYTES = 256 << 20;

    private final Path file;
    private final InputStream in;
    private int number;

    private Lines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static Lines open(Path file) {
        try {
            return new Lines(file, new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(file + ": no such file; check the path", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The next line that is not blank, without its end; null after the last. */
    @Nullable
    String next() {
        while (true) {
            byte[] bytes = nextBytes();
            if (bytes == null) {
                return null;
            }
            String text = decode(bytes);
            if (!text.isBlank()) {
                return text;
            }
        }
    }

    /** The number of the line read last, from 1. */
    int number() {
        return number;
    }

    /** What is wrong with the line read last. */
    InvalidInputException bad(String reason) {
        return new InvalidInputException(file + ": line " + number + ": " + reason);
    }

    InvalidInputException bad(String reason, Throwable cause) {
        return new InvalidInputException(file + ": line " + number + ": " + reason, cause);
    }

    private byte @Nullable [] nextBytes() {
        try {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            number++;
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            for (; next >= 0 && next != '\n'; next = in.read()) {
                line.write(next);
                if (line.size() > MAX_LINE_BYTES) {
                    throw bad("longer than " + MAX_LINE_BYTES + " bytes; is this a text file?");
                }
            }
            return line.toByteArray();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private String decode(byte[] bytes) {
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
            return number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw bad("is not UTF-8 text; convert the file", e);
        }
    }

    private static InvalidInputException unreadable(Path file, IOException e) {
        return new InvalidInputException(file + ": cannot be read: " + e, e);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
