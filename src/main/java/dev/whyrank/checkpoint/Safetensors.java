package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The tensors of one safetensors file, or of the many that an index names. Belongs to one thread. */
public final class Safetensors implements Weights {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final int MAX_ELEMENTS = 1 << 29;

    private record Located(MappedFile file, TensorInfo info) {}

    private final Map<String, Located> tensors;
    private final String source;
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);

    private Safetensors(Map<String, Located> tensors, String source) {
        this.tensors = tensors;
        this.source = source;
    }

    /** Opens the weights of a model folder: {@code model.safetensors}, or the files that its index names. */
    public static Safetensors ofFolder(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return ofFile(folder.resolve(SINGLE));
        }
        if (Files.isRegularFile(folder.resolve(INDEX))) {
            return ofIndex(folder.resolve(INDEX));
        }
        throw new InvalidInputException(folder + ": has neither " + SINGLE + " nor " + INDEX
                + "; give a folder with a Hugging Face checkpoint in safetensors form");
    }

    /** Opens one file. */
    public static Safetensors ofFile(Path path) {
        return ofFile(path, MappedFile.WINDOW_BYTES);
    }

    static Safetensors ofFile(Path path, int windowBytes) {
        MappedFile file = MappedFile.open(path, windowBytes);
        Map<String, Located> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, info) -> tensors.put(name, new Located(file, info)));
        return new Safetensors(tensors, path.toString());
    }

    private static Safetensors ofIndex(Path index) {
        JsonNode map = Json.object(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidInputException(index + ": has no weight_map; download it again");
        }
        Map<String, MappedFile> files = new LinkedHashMap<>();
        Map<String, Located> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getKey();
            Path path = neighbour(index, name, entry.getValue());
            MappedFile file =
                    files.computeIfAbsent(path.toString(), key -> MappedFile.open(path, MappedFile.WINDOW_BYTES));
            TensorInfo info = file.tensors().get(name);
            if (info == null) {
                throw new InvalidInputException(
                        path + ": has no tensor " + name + ", which the index places there; download it again");
            }
            tensors.put(name, new Located(file, info));
        }
        return new Safetensors(tensors, index.toString());
    }

    /** A file beside the index; an index must not reach outside its own folder. */
    private static Path neighbour(Path index, String tensor, JsonNode value) {
        String name = value.asString("");
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
            throw new InvalidInputException(
                    index + ": tensor " + tensor + " is placed in \"" + name + "\", which is no file of this folder");
        }
        return index.resolveSibling(name);
    }

    /** The file or index, for messages. */
    @Override
    public String toString() {
        return source;
    }

    /** The names of all tensors. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** Number of files. */
    public long files() {
        return tensors.values().stream().map(Located::file).distinct().count();
    }

    @Override
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return located(name).info().shape().clone();
    }

    /** The format that a tensor is stored in, such as {@code BF16}. */
    public String dtype(String name) {
        return located(name).info().dtype();
    }

    /** The file that a tensor is in. */
    public Path file(String name) {
        return located(name).file().path();
    }

    /** Checks that a tensor's numbers can be read. */
    void requireReadable(String name) {
        Located tensor = located(name);
        tensor.info().readable(tensor.file().path(), name);
    }

    private Located located(String name) {
        Located tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(source + ": has no tensor " + name);
        }
        return tensor;
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        Located tensor = located(name);
        DType dtype = tensor.info().readable(tensor.file().path(), name);
        long[] shape = tensor.info().shape();
        long height = shape.length == 0 ? 1 : shape[0];
        Objects.checkFromToIndex((long) from, (long) to, height);
        long width = height == 0 ? 0 : tensor.info().elements() / height;
        long count = Math.multiplyExact(to - from, width);
        if (count >= MAX_ELEMENTS) {
            throw new IllegalArgumentException(name + ": " + count + " elements are too many for one buffer");
        }
        long offset = tensor.info().begin() + from * width * dtype.bytes();
        return count == 0 ? scratch(0).asFloatBuffer() : read(tensor.file(), dtype, offset, (int) count);
    }

    private FloatBuffer read(MappedFile file, DType dtype, long offset, int count) {
        ByteBuffer bytes = file.from(offset);
        boolean viewable = dtype == DType.F32
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && offset % Float.BYTES == 0
                && bytes.remaining() >= (long) count * Float.BYTES;
        if (viewable) {
            return bytes.slice(0, count * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
        }
        ByteBuffer wide = scratch(count * Float.BYTES);
        IntBuffer bits = wide.asIntBuffer();
        for (int done = 0; done < count; ) {
            ByteBuffer part = file.from(offset + (long) done * dtype.bytes());
            int n = Math.min(count - done, part.remaining() / dtype.bytes());
            if (dtype == DType.F32) {
                bits.put(part.asIntBuffer().limit(n));
            } else {
                dtype.widen(part.asShortBuffer(), n, bits);
            }
            done += n;
        }
        return wide.asFloatBuffer();
    }

    /** Grows by half at least, since every discarded buffer stays until the next collection. */
    private ByteBuffer scratch(int bytes) {
        if (scratch.capacity() < bytes) {
            long roomy = Math.min(Integer.MAX_VALUE, Math.max(bytes, scratch.capacity() * 3L / 2));
            scratch = ByteBuffer.allocateDirect((int) roomy);
        }
        return scratch.slice(0, bytes).order(ByteOrder.nativeOrder());
    }
}
