package dev.whyrank.checkpoint;

import dev.whyrank.model.NamedWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files in float32. A file appears under its name only when it is whole. */
public final class SafetensorsFile {

    private static final int ALIGNMENT = 8;
    private static final int BUFFER_BYTES = 16 << 20;

    private SafetensorsFile() {}

    /** Writes all tensors, in the order of their names' set, a buffer of rows at a time. */
    public static void write(Path file, NamedWeights weights) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (FileChannel out = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeAll(out, header(weights));
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (String name : weights.names()) {
                writeTensor(out, weights, name, buffer);
            }
            out.force(true);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ByteBuffer header(NamedWeights weights) {
        ObjectNode header = Json.MAPPER.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (String name : weights.names()) {
            long[] shape = weights.shape(name);
            ObjectNode tensor = header.putObject(name).put("dtype", "F32");
            ArrayNode dimensions = tensor.putArray("shape");
            Arrays.stream(shape).forEach(dimensions::add);
            long end = offset + Float.BYTES * elements(shape);
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = Json.MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] text = Arrays.copyOf(json, padded);
        Arrays.fill(text, json.length, padded, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .flip();
    }

    private static void writeTensor(FileChannel out, NamedWeights weights, String name, ByteBuffer buffer)
            throws IOException {
        long[] shape = weights.shape(name);
        long width = elements(shape) / Math.max(1, shape[0]);
        int perCall = (int) Math.max(1, BUFFER_BYTES / Float.BYTES / Math.max(1, width));
        for (long row = 0; row < shape[0]; row += perCall) {
            FloatBuffer rows = weights.rows(name, (int) row, (int) Math.min(shape[0], row + perCall));
            while (rows.hasRemaining()) {
                int count = Math.min(rows.remaining(), buffer.capacity() / Float.BYTES);
                buffer.clear();
                buffer.asFloatBuffer().put(rows.slice(rows.position(), count));
                rows.position(rows.position() + count);
                writeAll(out, buffer.limit(count * Float.BYTES));
            }
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static long elements(long[] shape) {
        return TensorInfo.elements(shape).orElseThrow();
    }
}
