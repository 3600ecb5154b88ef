package dev.whyrank.model.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways of holding and multiplying matrices: one TorchScript resource each, all with the same methods. All but
 * {@code PLAIN}, the GPU's, are the CPU's own.
 */
enum Linear {
    FLOAT32("linear-float32.py", "embedding-plain.py"),
    BFLOAT16("linear-bfloat16.py", "embedding-plain.py"),
    HALF("linear-half.py", "embedding-plain.py"),
    INT8("linear-int8.py", "embedding-int8.py"),
    PLAIN("linear-plain.py", "embedding-plain.py");

    private static final Logger log = LoggerFactory.getLogger(Linear.class);

    static final int FLOAT32_FORMAT = 6;
    static final int BFLOAT16_FORMAT = 15;

    private final String resource;
    private final String embeddingResource;

    Linear(String resource, String embeddingResource) {
        this.resource = resource;
        this.embeddingResource = embeddingResource;
    }

    /** The best way that this machine has for a precision. */
    static Linear choose(Precision precision, Device device) {
        if (device.isGpu()) {
            if (precision == Precision.INT8) {
                throw new InvalidInputException("int8 runs on CPU only: use bfloat16 on a GPU, or device cpu");
            }
            return PLAIN;
        }
        return switch (precision) {
            case FLOAT32 -> FLOAT32;
            case INT8 -> INT8;
            case BFLOAT16 -> cpuMultipliesBfloat16() ? BFLOAT16 : HALF;
        };
    }

    private static boolean cpuMultipliesBfloat16() {
        try (ScriptModule probe = new ScriptModule(
                        BFLOAT16.attributes(), Map.of("__torch__/linear.py", BFLOAT16.resource), Device.cpu());
                PtNDManager manager = probe.newCallManager()) {
            PtNDArray matrix = (PtNDArray) manager.ones(new Shape(64, 64), DataType.FLOAT32);
            probe.run("add", IValue.from(matrix));
            probe.run("apply", IValue.from(matrix), IValue.from(0L));
            return true;
        } catch (EngineException e) {
            log.info("This CPU has no bfloat16 instructions: bfloat16 matrices are held as float16 instead");
            return false;
        }
    }

    /** The sources of a module that is built on this one, by their place in the archive. */
    Map<String, String> resourcesFor(String family) {
        return Map.of(
                "__torch__.py", family,
                "__torch__/linear.py", resource,
                "__torch__/embedding.py", embeddingResource);
    }

    /** A new object of the resource's class. */
    Pickle.Module attributes() {
        Pickle.Module module = new Pickle.Module(".linear.Linear").with("training", false);
        return switch (this) {
            case PLAIN -> module.with("matrices", List.of()).with("like", null);
            case INT8 -> module.with("levels", 127.0).with("packed", List.of());
            default -> module.with("packed", List.of());
        };
    }

    Pickle.Module embeddingAttributes() {
        Pickle.Module module = new Pickle.Module(".embedding.Embedding")
                .with("training", false)
                .with("table", null);
        return this == INT8 ? module.with("scales", null) : module;
    }

    /** TorchScript's code of the number format that tables and plain matrices are held in. */
    static int format(Precision precision) {
        return precision == Precision.BFLOAT16 ? BFLOAT16_FORMAT : FLOAT32_FORMAT;
    }
}
