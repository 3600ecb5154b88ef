package dev.whyrank.model.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A loaded TorchScript module and the tensors that live as long as it does. */
final class ScriptModule implements AutoCloseable {

    private final Model model;
    private final PtSymbolBlock block;
    private final PtNDManager manager;

    /**
     * Loads a module.
     *
     * @param root its attributes
     * @param resources names of the files in {@code torchscript/} that define its classes, by their place in the archive
     */
    ScriptModule(Pickle.Module root, Map<String, String> resources, Device device) {
        Map<String, String> sources = new LinkedHashMap<>();
        resources.forEach((place, resource) -> sources.put(place, source(resource)));
        model = Model.newInstance("whyrank", device, "PyTorch");
        try (InputStream archive = ScriptArchive.of(root, sources)) {
            model.load(archive, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException("the archive cannot be loaded", e);
        }
        block = (PtSymbolBlock) model.getBlock();
        manager = (PtNDManager) model.getNDManager();
    }

    /** The manager of tensors that live as long as the module. */
    PtNDManager manager() {
        return manager;
    }

    /** A manager for the tensors of one call; to be closed when it is over. */
    PtNDManager newCallManager() {
        return (PtNDManager) manager.newSubManager();
    }

    /** Calls a method and closes the arguments. The result is the caller's to close. */
    IValue call(String method, IValue... arguments) {
        Torch.tune();
        try {
            return IValueUtils.runMethod(block, method, arguments);
        } finally {
            for (IValue argument : arguments) {
                argument.close();
            }
        }
    }

    /**
     * Calls a method that computes gradients: {@link #call} switches them off beyond a script's reach. The result
     * belongs to the manager of the first argument.
     */
    PtNDArray callWithGradients(String method, PtNDArray... arguments) {
        Torch.tune();
        NDList list = new NDList(arguments);
        PtNDArray name = (PtNDArray) arguments[0].getManager().create(0f);
        name.setName("module_method:" + method);
        list.add(name);
        return (PtNDArray) IValueUtils.forward(block, list, true).singletonOrThrow();
    }

    /** Calls a method whose result does not matter. */
    void run(String method, IValue... arguments) {
        call(method, arguments).close();
    }

    static IValue longs(PtNDManager manager, long[] values) {
        return IValue.from(longTensor(manager, values, values.length));
    }

    static PtNDArray longTensor(PtNDManager manager, long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.asLongBuffer().put(values);
        return manager.create(bytes, new Shape(shape), DataType.INT64);
    }

    static IValue floats(PtNDManager manager, float[] values) {
        return IValue.from(floatTensor(manager, values, values.length));
    }

    static PtNDArray floatTensor(PtNDManager manager, float[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        return tensor(manager, bytes, shape);
    }

    /** A float32 tensor over a direct buffer, which it reads in place on CPU and must not outlive. */
    static PtNDArray tensor(PtNDManager manager, ByteBuffer data, long... shape) {
        return manager.create(data, new Shape(shape), DataType.FLOAT32);
    }

    private static String source(String resource) {
        String path = "/torchscript/" + resource;
        try (InputStream in = ScriptModule.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
