package dev.whyrank.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes safetensors files, valid and not. */
public final class SafetensorsWriter {

    private final List<String> entries = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Adds a float32 tensor. */
    public SafetensorsWriter f32(String name, long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return raw(name, "F32", shape, bytes.array());
    }

    /** Adds a tensor of 16-bit numbers. */
    public SafetensorsWriter half(String name, String dtype, long[] shape, short... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(values);
        return raw(name, dtype, shape, bytes.array());
    }

    SafetensorsWriter raw(String name, String dtype, long[] shape, byte[] bytes) {
        int begin = data.size();
        data.writeBytes(bytes);
        return entry("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, Arrays.toString(shape), begin, data.size()));
    }

    /** Adds a line to the header as it is. */
    SafetensorsWriter entry(String json) {
        entries.add(json);
        return this;
    }

    /** Adds bytes that no line of the header speaks of. */
    SafetensorsWriter bytes(int count) {
        data.writeBytes(new byte[count]);
        return this;
    }

    /** Writes the file. */
    public Path write(Path file) {
        return write(file, entries.stream().collect(Collectors.joining(",", "{", "}")));
    }

    Path write(Path file, String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json).put(data.toByteArray());
        try {
            return Files.write(file, out.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
