package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the header of a safetensors file: a length in 8 bytes, that much JSON, then the tensors' bytes without gaps.
 * Everything is checked against the file's size; nothing is allocated by a number that the file states alone.
 */
final class SafetensorsHeader {

    private static final int LENGTH_BYTES = 8;
    private static final int MAX_HEADER_BYTES = 32 << 20;
    private static final int MAX_DIMENSIONS = 8;

    /** Bytes of one element, of every format that the file format knows and that has whole bytes. */
    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("F64", 8),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F32", 4),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("I8", 1),
            Map.entry("U8", 1),
            Map.entry("BOOL", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("F8_E8M0", 1));

    private final Path file;
    private final long fileSize;
    private long dataStart;

    private SafetensorsHeader(Path file, long fileSize) {
        this.file = file;
        this.fileSize = fileSize;
    }

    /** The tensors of an open file, by name. */
    static Map<String, TensorInfo> read(Path file, FileChannel channel) throws IOException {
        SafetensorsHeader header = new SafetensorsHeader(file, channel.size());
        byte[] json = header.readJson(channel);
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            Map<String, TensorInfo> tensors = header.parse(parser);
            header.checkLayout(tensors);
            return tensors;
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    file + ": its header is not readable as JSON (" + e.getOriginalMessage() + "); download it again",
                    e);
        }
    }

    private byte[] readJson(FileChannel channel) throws IOException {
        if (fileSize < LENGTH_BYTES) {
            throw new InvalidInputException(file + ": has " + fileSize + " bytes and no header; download it again");
        }
        long length = readFully(channel, 0, LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > fileSize - LENGTH_BYTES) {
            throw new InvalidInputException(file + ": states a header of " + Long.toUnsignedString(length)
                    + " bytes in a file of " + fileSize + "; it is no safetensors file or is truncated");
        }
        dataStart = LENGTH_BYTES + length;
        return readFully(channel, LENGTH_BYTES, (int) length).array();
    }

    private ByteBuffer readFully(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new InvalidInputException(file + ": was cut short while it was read; download it again");
            }
        }
        return buffer;
    }

    private Map<String, TensorInfo> parse(JsonParser parser) {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "header");
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("__metadata__")) {
                parser.skipChildren();
            } else {
                tensors.put(name, parseTensor(parser, name));
            }
        }
        while (parser.nextToken() != null) {
            throw new InvalidInputException(file + ": its header goes on after its end; download it again");
        }
        return tensors;
    }

    private TensorInfo parseTensor(JsonParser parser, String name) {
        expect(parser.currentToken(), JsonToken.START_OBJECT, name);
        String dtype = "";
        long[] shape = {-1};
        long[] offsets = {};
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(parser.currentToken(), JsonToken.VALUE_STRING, name);
                    dtype = parser.getString();
                }
                case "shape" -> shape = longs(parser, name);
                case "data_offsets" -> offsets = longs(parser, name);
                default -> throw bad(name, "has the unknown field \"" + field + "\"");
            }
        }
        return checked(name, dtype, shape, offsets);
    }

    private long[] longs(JsonParser parser, String name) {
        expect(parser.currentToken(), JsonToken.START_ARRAY, name);
        long[] values = new long[MAX_DIMENSIONS];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, name);
            if (count == MAX_DIMENSIONS) {
                throw bad(name, "has more than " + MAX_DIMENSIONS + " dimensions");
            }
            values[count++] = parser.getLongValue();
        }
        return Arrays.copyOf(values, count);
    }

    private TensorInfo checked(String name, String dtype, long[] shape, long[] offsets) {
        Integer bytes = ELEMENT_BYTES.get(dtype);
        if (bytes == null) {
            throw bad(name, "has the unknown type \"" + dtype + "\"");
        }
        if (Arrays.stream(shape).anyMatch(dimension -> dimension < 0)) {
            throw bad(name, "has no valid shape");
        }
        long dataSize = fileSize - dataStart;
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
            throw bad(name, "has no valid data_offsets");
        }
        if (offsets[1] > dataSize) {
            throw bad(name, "ends at byte " + offsets[1] + " of " + dataSize + ": the file is truncated");
        }
        long stated = TensorInfo.elements(shape).orElse(Long.MAX_VALUE);
        if (stated > dataSize || stated * bytes != offsets[1] - offsets[0]) {
            throw bad(
                    name,
                    "of shape " + Arrays.toString(shape) + " and type " + dtype + " cannot take "
                            + (offsets[1] - offsets[0]) + " bytes");
        }
        return new TensorInfo(dtype, shape, dataStart + offsets[0], dataStart + offsets[1]);
    }

    /** Tensors must follow each other without overlap or gap and end with the file. */
    private void checkLayout(Map<String, TensorInfo> tensors) {
        List<Map.Entry<String, TensorInfo>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, TensorInfo>>comparingLong(
                                entry -> entry.getValue().begin())
                        .thenComparingLong(entry -> entry.getValue().end()))
                .toList();
        long position = dataStart;
        for (Map.Entry<String, TensorInfo> entry : ordered) {
            if (entry.getValue().begin() != position) {
                boolean overlaps = entry.getValue().begin() < position;
                throw bad(entry.getKey(), overlaps ? "overlaps the one before it" : "leaves a gap before it");
            }
            position = entry.getValue().end();
        }
        if (position != fileSize) {
            throw new InvalidInputException(
                    file + ": has " + (fileSize - position) + " bytes after its last tensor; download it again");
        }
    }

    private void expect(JsonToken actual, JsonToken expected, String name) {
        if (actual != expected) {
            throw bad(name, "is described with " + actual + " where " + expected + " belongs");
        }
    }

    private InvalidInputException bad(String name, String what) {
        return new InvalidInputException(file + ": tensor " + name + " " + what + "; download the file again");
    }
}
