package dev.whyrank.model.torch;

import ai.djl.Device;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.Weights;

/** Models too small for reading a shared prefix once to be worth it, and that do it nevertheless. */
public final class SharedReads {

    private static final int WHATEVER_IT_SAVES = -1_000_000;

    private SharedReads() {}

    /** As {@link TorchLanguageModel#load(DecoderConfig, Weights, TorchOptions)}. */
    public static TorchLanguageModel load(DecoderConfig config, Weights weights, TorchOptions options) {
        Device device = Torch.device(options.device());
        Linear linear = Linear.choose(options.precision(), device);
        int threads = Torch.start(options.threads());
        return TorchLanguageModel.load(config, weights, options, threads, device, linear, WHATEVER_IT_SAVES);
    }
}
