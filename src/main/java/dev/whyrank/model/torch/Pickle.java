package dev.whyrank.model.torch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes module attributes in Python's pickle format, protocol 2, as far as TorchScript modules need it. */
final class Pickle {

    /**
     * A TorchScript object.
     *
     * @param type qualified name without the leading {@code __torch__}, for instance {@code .linear.Linear}
     * @param attributes values in the order in which the class declares them: Boolean, Integer, Double, null, an empty
     *     List or another Module
     */
    record Module(String type, Map<String, @Nullable Object> attributes) {

        Module(String type) {
            this(type, new LinkedHashMap<>());
        }

        Module with(String name, @Nullable Object value) {
            attributes.put(name, value);
            return this;
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Pickle() {}

    static byte[] dump(Module root) {
        Pickle pickle = new Pickle();
        pickle.opcodes(0x80, 2);
        pickle.module(root);
        pickle.opcodes('.');
        return pickle.out.toByteArray();
    }

    private void module(Module module) {
        int split = module.type().lastIndexOf('.');
        opcodes('c');
        ascii("__torch__" + module.type().substring(0, split) + "\n"
                + module.type().substring(split + 1) + "\n");
        opcodes(')', 0x81, '}', '(');
        module.attributes().forEach((name, value) -> {
            string(name);
            value(value);
        });
        opcodes('u', 'b');
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            opcodes('N');
        } else if (value instanceof Boolean flag) {
            opcodes(flag ? 0x88 : 0x89);
        } else if (value instanceof Integer number) {
            opcodes('J');
            littleEndian(number);
        } else if (value instanceof Double number) {
            opcodes('G');
            bigEndian(Double.doubleToLongBits(number));
        } else if (value instanceof List<?> list && list.isEmpty()) {
            opcodes(']');
        } else if (value instanceof Module module) {
            module(module);
        } else {
            throw new IllegalArgumentException("cannot be pickled: " + value);
        }
    }

    private void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        opcodes('X');
        littleEndian(utf8.length);
        out.writeBytes(utf8);
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void opcodes(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
    }

    private void littleEndian(int value) {
        opcodes(value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
    }

    private void bigEndian(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift) & 255);
        }
    }
}
