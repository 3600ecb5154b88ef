package dev.whyrank.model.torch;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.NamedWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a trainer has learnt, read out of it row by row under the names that files use. Belongs to its thread. */
final class LearnedWeights implements NamedWeights {

    /** What of a tensor that learns is looked at, by training.py's number. */
    enum Side {
        VALUE(0),
        FIRST_MOMENT(1),
        SECOND_MOMENT(2),
        GRADIENT(3);

        private final long number;

        Side(long number) {
            this.number = number;
        }
    }

    private record Place(Side side, int index, int firstRow, long[] shape) {}

    private final ScriptModule module;
    private final Map<String, Place> places = new LinkedHashMap<>();

    LearnedWeights(ScriptModule module) {
        this.module = module;
    }

    /** Adds all tensors, their names led by a prefix. */
    LearnedWeights with(LearnedTensors tensors, Side side, String prefix) {
        for (int i = 0; i < tensors.stacks().size(); i++) {
            int row = 0;
            for (LearnedTensors.Named part : tensors.stacks().get(i).parts()) {
                places.put(prefix + part.name(), new Place(side, i, row, part.shape()));
                row += (int) part.shape()[0];
            }
        }
        return this;
    }

    @Override
    public Set<String> names() {
        return places.keySet();
    }

    @Override
    public boolean contains(String name) {
        return places.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return place(name).shape().clone();
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        Place place = place(name);
        try (PtNDManager manager = module.newCallManager();
                IValue rows = module.call(
                        "read",
                        IValue.from(place.side().number),
                        IValue.from((long) place.index()),
                        IValue.from((long) place.firstRow() + from),
                        IValue.from((long) to - from))) {
            float[] values = rows.toTensor(manager).toFloatArray();
            return ByteBuffer.allocateDirect(values.length * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .put(values)
                    .flip();
        }
    }

    /** Replaces rows. */
    void write(String name, int from, FloatBuffer rows) {
        Place place = place(name);
        long[] shape = place.shape().clone();
        float[] values = new float[rows.remaining()];
        rows.get(values);
        long width = 1;
        for (int i = 1; i < shape.length; i++) {
            width *= shape[i];
        }
        shape[0] = values.length / width;
        try (PtNDManager manager = module.newCallManager()) {
            module.run(
                    "write",
                    IValue.from(place.side().number),
                    IValue.from((long) place.index()),
                    IValue.from((long) place.firstRow() + from),
                    IValue.from(ScriptModule.floatTensor(manager, values, shape)));
        }
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("nothing that learns is called " + name);
        }
        return place;
    }
}
