package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The float32 weights of an ONNX file under the names they have in the checkpoint that it was exported from.
 *
 * <p>An exporter keeps the names of embeddings, biases and norms, but stores the matrix of a linear layer transposed
 * under a made-up name. The node that multiplies by it still says where it belongs: what
 * {@code /encoder/layer.0/output/dense/MatMul} takes is offered as {@code encoder.layer.0.output.dense.weight}, turned
 * back to [out, in]. Tensors of other number types are left out.
 *
 * <p>Owned by one thread.
 */
public final class OnnxWeights implements Weights {

    private static final String PRODUCT = "/MatMul";

    private final String file;
    private final Map<String, Entry> entries = new HashMap<>();
    private FloatBuffer scratch = allocate(0);

    /** A stored tensor; if turned, it is offered as its transpose. */
    private record Entry(long[] shape, FloatBuffer stored, boolean turned) {}

    /** The weights of a model in memory; errors call it {@code file}. */
    OnnxWeights(String file, ByteBuffer model) {
        this.file = file;
        OnnxGraph graph = OnnxGraph.parse(file, model);
        graph.tensors()
                .forEach((name, tensor) -> entries.put(
                        name, new Entry(tensor.shape(), tensor.data().asFloatBuffer(), false)));
        for (OnnxGraph.Product product : graph.products()) {
            OnnxGraph.Tensor weight = graph.tensors().get(product.weight());
            if (weight != null && weight.shape().length == 2 && product.node().endsWith(PRODUCT)) {
                long[] turned = {weight.shape()[1], weight.shape()[0]};
                Entry entry = new Entry(turned, weight.data().asFloatBuffer(), true);
                entries.putIfAbsent(checkpointName(product.node()), entry);
            }
        }
    }

    /**
     * Opens a file, which is mapped into memory and must not change while it is in use.
     *
     * @throws InvalidInputException if it cannot be read or is not a well-formed ONNX file with its data inside
     */
    public static OnnxWeights open(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new InvalidInputException(path + " is larger than an ONNX file can be (2 GB); use safetensors");
            }
            return new OnnxWeights(path.toString(), channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        } catch (IOException e) {
            throw new InvalidInputException(path + " cannot be read; check that it exists and may be read", e);
        }
    }

    /**
     * Reads a resource of the class path, whole, outside the heap.
     *
     * @throws InvalidInputException if there is none or it is not a well-formed ONNX file with its data inside
     */
    public static OnnxWeights resource(String name) {
        URL url = OnnxWeights.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new InvalidInputException(name + " is not on the class path; add the artifact that carries it");
        }
        try {
            return new OnnxWeights(name, read(url));
        } catch (IOException e) {
            throw new InvalidInputException(name + " cannot be read from the class path; fetch its artifact again", e);
        }
    }

    @Override
    public boolean contains(String name) {
        return entries.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        Entry entry = entry(name);
        int height = entry.shape().length == 0 ? 1 : (int) entry.shape()[0];
        if (from < 0 || from > to || to > height) {
            throw new IllegalArgumentException(
                    file + ": " + name + " has rows 0 to " + height + ", not " + from + " to " + to);
        }
        int width = height == 0 ? 0 : entry.stored().capacity() / height;
        FloatBuffer rows = scratch((to - from) * width);
        if (entry.turned()) {
            for (int row = from; row < to; row++) {
                for (int column = 0; column < width; column++) {
                    rows.put(entry.stored().get(column * height + row));
                }
            }
        } else {
            rows.put(entry.stored().slice(from * width, (to - from) * width));
        }
        return rows.flip();
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file + " has no tensor " + name);
        }
        return entry;
    }

    private FloatBuffer scratch(int size) {
        if (scratch.capacity() < size) {
            scratch = allocate(size);
        }
        return scratch.clear();
    }

    private static FloatBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static String checkpointName(String node) {
        String path = node.substring(node.startsWith("/") ? 1 : 0, node.length() - PRODUCT.length());
        return path.replace('/', '.') + ".weight";
    }

    private static ByteBuffer read(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        ByteBuffer content = ByteBuffer.allocateDirect(Math.max(0, connection.getContentLength()));
        try (InputStream in = connection.getInputStream();
                ReadableByteChannel channel = Channels.newChannel(in)) {
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // A channel hands over as much as it has; the loop ends when the resource does.
            }
        }
        return content.flip();
    }
}
