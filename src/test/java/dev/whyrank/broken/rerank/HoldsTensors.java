package dev.whyrank.broken.rerank;

import ai.djl.ndarray.NDArray;

/** Breaks: tensors belong to model.torch. */
class HoldsTensors {

    long size(NDArray array) {
        return array.size();
    }
}
