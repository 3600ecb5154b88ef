package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protobuf message without a schema and without copying. Every length is checked against what
 * is left of the message.
 */
final class ProtobufReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final String file;
    private final ByteBuffer message;
    private int field;
    private int wireType;

    /**
     * A reader of the bytes from the buffer's position to its limit.
     *
     * @param file what errors call it
     */
    ProtobufReader(String file, ByteBuffer message) {
        this.file = file;
        this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field, whose value must then be read or skipped; false at the end of the message. */
    boolean next() {
        if (!message.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (field == 0 || tag >>> 32 != 0) {
            throw malformed("a field has an impossible number");
        }
        return true;
    }

    /** The number of the current field. */
    int field() {
        return field;
    }

    /** Whether the current field is a run of bytes: a string, a message, or packed numbers. */
    boolean isLengthDelimited() {
        return wireType == LENGTH_DELIMITED;
    }

    /** The value of the current field, an integer. */
    long varint() {
        expect(VARINT);
        return readVarint();
    }

    /** The value of the current field as a view of the message's bytes, little-endian. */
    ByteBuffer bytes() {
        expect(LENGTH_DELIMITED);
        long length = readVarint();
        if (length < 0 || length > message.remaining()) {
            throw malformed("field " + field + " is longer than the rest of the file");
        }
        ByteBuffer bytes = message.slice(message.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        message.position(message.position() + (int) length);
        return bytes;
    }

    /** The value of the current field, text. */
    String string() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** The value of the current field, a message. */
    ProtobufReader message() {
        return new ProtobufReader(file, bytes());
    }

    /** An integer of a packed field, read where this reader stands: such a field has values without tags. */
    long packedVarint() {
        return readVarint();
    }

    boolean hasRemaining() {
        return message.hasRemaining();
    }

    /** Passes over the value of the current field. */
    void skip() {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED64 -> skip(Long.BYTES);
            case LENGTH_DELIMITED -> bytes();
            case FIXED32 -> skip(Integer.BYTES);
            default -> throw malformed("field " + field + " has the unknown wire type " + wireType);
        }
    }

    /** The error of a file that is not what it should be. */
    InvalidInputException malformed(String why) {
        return new InvalidInputException(file + " is not a readable ONNX file: " + why + "; fetch it again");
    }

    private void skip(int bytes) {
        if (bytes > message.remaining()) {
            throw malformed("it ends in the middle of field " + field);
        }
        message.position(message.position() + bytes);
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw malformed("field " + field + " has wire type " + wireType + " instead of " + expected);
        }
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!message.hasRemaining()) {
                throw malformed("it ends in the middle of a number");
            }
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number is longer than ten bytes");
    }
}
