package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    private Path file = Path.of("unset");

    @BeforeEach
    void choose(@TempDir Path folder) {
        file = folder.resolve("model.safetensors");
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Safetensors.ofFile(file))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> {
                    assertThat(e.getMessage()).contains("model.safetensors").doesNotContain("\n");
                    for (String part : parts) {
                        assertThat(e.getMessage()).contains(part);
                    }
                });
    }

    private static float[] floats(FloatBuffer buffer) {
        assertThat(buffer.isDirect()).isTrue();
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    @Test
    void readsRowsOfEveryFormat() {
        new SafetensorsWriter()
                .f32("a", new long[] {3, 2}, 1, 2, 3, 4, 5, 6)
                .half("b", "BF16", new long[] {2, 2}, (short) 0x3F80, (short) 0xC000, (short) 0x7F80, (short) 1)
                .half("h", "F16", new long[] {4}, (short) 0x3C00, (short) 0xC000, (short) 0x7C00, (short) 1)
                .f32("scalar", new long[] {}, 9)
                .f32("empty", new long[] {0, 7})
                .write(file);
        Safetensors weights = Safetensors.ofFile(file);
        assertThat(floats(weights.rows("a", 1, 3))).containsExactly(3, 4, 5, 6);
        assertThat(floats(weights.rows("b", 0, 2)))
                .containsExactly(1, -2, Float.POSITIVE_INFINITY, Float.intBitsToFloat(1 << 16));
        assertThat(floats(weights.rows("h", 0, 4))).containsExactly(1, -2, Float.POSITIVE_INFINITY, 0x1p-24f);
        assertThat(floats(weights.rows("h", 1, 2))).containsExactly(-2);
        assertThat(floats(weights.rows("scalar", 0, 1))).containsExactly(9);
        assertThat(floats(weights.rows("a", 2, 2))).isEmpty();
        assertThat(floats(weights.rows("empty", 0, 0))).isEmpty();
        assertThat(weights.names()).containsExactly("a", "b", "h", "scalar", "empty");
        assertThat(weights.dtype("b")).isEqualTo("BF16");
        assertThatThrownBy(() -> weights.rows("a", 2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> weights.shape("ghost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ghost")
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void readsTensorsThatCrossWindowsAtAnyAlignment() {
        long seed = 11;
        Random random = new Random(seed);
        for (int shift = 0; shift < 4; shift++) {
            float[] wide = new float[50];
            short[] narrow = new short[51];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = random.nextFloat();
                narrow[i] = (short) random.nextInt(0x7F00);
            }
            new SafetensorsWriter()
                    .raw("shift", "U8", new long[] {shift}, new byte[shift])
                    .f32("wide", new long[] {10, 5}, wide)
                    .half("narrow", "BF16", new long[] {17, 3}, narrow)
                    .write(file);
            Safetensors windowed = Safetensors.ofFile(file, 64);
            Safetensors whole = Safetensors.ofFile(file);
            assertThat(floats(windowed.rows("wide", 0, 10)))
                    .as("seed %d, shift %d", seed, shift)
                    .isEqualTo(wide)
                    .isEqualTo(floats(whole.rows("wide", 0, 10)));
            for (int row = 0; row < 17; row++) {
                assertThat(floats(windowed.rows("narrow", row, 17)))
                        .isEqualTo(Arrays.copyOfRange(floats(whole.rows("narrow", 0, 17)), row * 3, 51));
            }
        }
    }

    @Test
    void refusesImpossibleHeaderLengths() throws Exception {
        Files.write(file, new byte[0]);
        refused("0 bytes");
        Files.write(file, new byte[5]);
        refused("5 bytes");
        for (long length : new long[] {0, 1, 93, 1L << 31, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            Files.write(file, bytes.array());
            refused("header of " + Long.toUnsignedString(length), "truncated");
        }
    }

    @Test
    void refusesHeadersThatAreNotJsonObjectsOfTensors() {
        for (String header : List.of("[]", "{\"a\"", "{}{}", "{} x", "{\"a\":3}", "\0\0\0\0", "[".repeat(5000))) {
            new SafetensorsWriter().write(file, header);
            refused();
        }
        for (String tensor : List.of(
                "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}",
                "{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1]}",
                "{\"shape\":[1],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}",
                "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}",
                "{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}")) {
            new SafetensorsWriter().entry("\"odd\":" + tensor).bytes(4).write(file);
            refused("odd");
        }
        new SafetensorsWriter()
                .entry("\"odd\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}")
                .bytes(4)
                .write(file);
        refused();
    }

    private void refusedWith(String offsets, String shape, String what) {
        new SafetensorsWriter()
                .entry("\"good\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}")
                .entry("\"bad\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}")
                .bytes(16)
                .write(file);
        refused("tensor bad", what);
    }

    @Test
    void refusesImpossibleOffsetsAndShapes() {
        refusedWith("[4,12]", "[2]", "overlaps");
        refusedWith("[12,16]", "[1]", "gap");
        refusedWith("[8,20]", "[3]", "truncated");
        refusedWith("[8,9223372036854775807]", "[2]", "truncated");
        refusedWith("[-8,0]", "[2]", "data_offsets");
        refusedWith("[16,8]", "[2]", "data_offsets");
        refusedWith("[8,16]", "[3]", "cannot take 8 bytes");
        refusedWith("[8,16]", "[-2]", "shape");
        refusedWith("[8,16]", "[4294967296,4294967296,4294967296]", "cannot take 8 bytes");
        refusedWith("[8,16]", "[9223372036854775807,2]", "cannot take 8 bytes");
    }

    @Test
    void refusesDuplicatesAndTrailingBytes() {
        new SafetensorsWriter()
                .f32("a", new long[] {1}, 1)
                .f32("a", new long[] {1}, 2)
                .write(file);
        refused("a");
        new SafetensorsWriter().f32("a", new long[] {1}, 1).bytes(3).write(file);
        refused("3 bytes after");
    }

    @Test
    void noticesEveryTruncation() throws Exception {
        new SafetensorsWriter().f32("a", new long[] {4}, 1, 2, 3, 4).write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused();
        }
    }

    @Test
    void survivesAnyCorruptHeader() throws Exception {
        long seed = 5;
        Random random = new Random(seed);
        new SafetensorsWriter()
                .f32("a", new long[] {2, 2}, 1, 2, 3, 4)
                .f32("b", new long[] {1}, 5)
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < 500; i++) {
            byte[] corrupt = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                corrupt[random.nextInt(corrupt.length - 20)] = (byte) random.nextInt(256);
            }
            Files.write(file, corrupt);
            try {
                Safetensors weights = Safetensors.ofFile(file);
                weights.names().forEach(weights::shape);
            } catch (InvalidInputException e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, i).contains("model.safetensors");
            }
        }
    }

    @Test
    void refusesFormatsThatAreNoFloats() {
        new SafetensorsWriter().raw("ids", "I64", new long[] {1}, new byte[8]).write(file);
        Safetensors weights = Safetensors.ofFile(file);
        assertThatThrownBy(() -> weights.rows("ids", 0, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("ids")
                .hasMessageContaining("I64");
    }
}
