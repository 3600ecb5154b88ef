package dev.whyrank.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an ONNX model is of use for its weights: the initializers that hold float32 numbers, and which node
 * multiplies by which of them. Field numbers are those of the public {@code onnx.proto}.
 */
final class OnnxGraph {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_NAME = 3;
    private static final int NODE_OPERATOR = 4;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_DATA_TYPE = 2;
    private static final int TENSOR_FLOAT_DATA = 4;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW_DATA = 9;
    private static final int TENSOR_DATA_LOCATION = 14;
    private static final int FLOAT32 = 1;
    private static final int EXTERNAL = 1;

    /** A float32 tensor: its shape, and its elements as little-endian bytes of exactly that many. */
    record Tensor(long[] shape, ByteBuffer data) {}

    /** A matrix product with a stored right-hand side. */
    record Product(String node, String weight) {}

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final List<Product> products = new ArrayList<>();

    private OnnxGraph() {}

    /**
     * Reads a whole model; the tensors are views of its bytes.
     *
     * @param file what errors call it
     */
    static OnnxGraph parse(String file, ByteBuffer model) {
        OnnxGraph graph = new OnnxGraph();
        ProtobufReader reader = new ProtobufReader(file, model);
        boolean found = false;
        while (reader.next()) {
            if (reader.field() == MODEL_GRAPH) {
                graph.read(reader.message());
                found = true;
            } else {
                reader.skip();
            }
        }
        if (!found) {
            throw reader.malformed("it holds no graph");
        }
        return graph;
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    List<Product> products() {
        return products;
    }

    private void read(ProtobufReader graph) {
        while (graph.next()) {
            switch (graph.field()) {
                case GRAPH_NODE -> readNode(graph.message());
                case GRAPH_INITIALIZER -> readTensor(graph.message());
                default -> graph.skip();
            }
        }
    }

    private void readNode(ProtobufReader node) {
        List<String> inputs = new ArrayList<>();
        String name = "";
        String operator = "";
        while (node.next()) {
            switch (node.field()) {
                case NODE_INPUT -> inputs.add(node.string());
                case NODE_NAME -> name = node.string();
                case NODE_OPERATOR -> operator = node.string();
                default -> node.skip();
            }
        }
        if (operator.equals("MatMul") && inputs.size() == 2) {
            products.add(new Product(name, inputs.get(1)));
        }
    }

    private void readTensor(ProtobufReader tensor) {
        List<Long> shape = new ArrayList<>();
        String name = "";
        long type = 0;
        long location = 0;
        @Nullable ByteBuffer data = null;
        while (tensor.next()) {
            switch (tensor.field()) {
                case TENSOR_DIMS -> readDims(tensor, shape);
                case TENSOR_DATA_TYPE -> type = tensor.varint();
                case TENSOR_NAME -> name = tensor.string();
                case TENSOR_DATA_LOCATION -> location = tensor.varint();
                case TENSOR_FLOAT_DATA, TENSOR_RAW_DATA -> data = tensor.bytes();
                default -> tensor.skip();
            }
        }
        if (type == FLOAT32) {
            add(tensor, name, shape, location == EXTERNAL ? null : data);
        }
    }

    private static void readDims(ProtobufReader tensor, List<Long> shape) {
        if (tensor.isLengthDelimited()) {
            ProtobufReader packed = tensor.message();
            while (packed.hasRemaining()) {
                shape.add(packed.packedVarint());
            }
        } else {
            shape.add(tensor.varint());
        }
    }

    private void add(ProtobufReader tensor, String name, List<Long> shape, @Nullable ByteBuffer data) {
        if (data == null) {
            throw tensor.malformed("the data of " + name + " is not inside it, as it must be here");
        }
        long count = 1;
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE || (count *= size) > Integer.MAX_VALUE) {
                throw tensor.malformed("the shape " + shape + " of " + name + " is impossible");
            }
        }
        if (count * Float.BYTES != data.remaining()) {
            throw tensor.malformed(
                    name + " of shape " + shape + " has " + data.remaining() + " bytes instead of " + count * 4);
        }
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        if (tensors.put(name, new Tensor(sizes, data)) != null) {
            throw tensor.malformed("there are two tensors " + name);
        }
    }
}
