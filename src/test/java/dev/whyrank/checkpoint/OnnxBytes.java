package dev.whyrank.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX files, well-formed or not, field by field. */
final class OnnxBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A model with one graph of these fields. */
    static byte[] model(OnnxBytes graph) {
        return new OnnxBytes()
                .number(1, 6)
                .text(2, "test")
                .message(7, graph)
                .message(8, new OnnxBytes().number(2, 11))
                .bytes();
    }

    /** A float32 initializer with raw data. */
    static OnnxBytes tensor(String name, float[] values, long... shape) {
        return header(name, 1, shape).raw(9, floats(values));
    }

    /** The fields of an initializer that come before its data. */
    static OnnxBytes header(String name, int type, long... shape) {
        OnnxBytes tensor = new OnnxBytes();
        for (long size : shape) {
            tensor.number(1, size);
        }
        return tensor.number(2, type).text(8, name);
    }

    static OnnxBytes node(String operator, String name, String... inputs) {
        OnnxBytes node = new OnnxBytes();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, name + "_output_0").text(3, name).text(4, operator);
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    OnnxBytes number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    OnnxBytes text(int field, String value) {
        return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxBytes message(int field, OnnxBytes value) {
        return raw(field, value.bytes());
    }

    OnnxBytes raw(int field, byte[] value) {
        varint(((long) field << 3) | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** A field that claims to be longer than anything that follows. */
    OnnxBytes claim(int field, long length) {
        varint(((long) field << 3) | 2);
        varint(length);
        return this;
    }

    OnnxBytes fixed32(int field, int value) {
        varint(((long) field << 3) | 5);
        out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
