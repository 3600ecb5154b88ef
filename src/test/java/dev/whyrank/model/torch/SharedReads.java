package dev.whyrank.model.torch;

import ai.djl.Device;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.Weights;

/** Models too small for reading a shared prefix once to be worth it, and that do it nevertheless. */
public final class SharedReads {

    private SharedReads() {}

    /** As {@link TorchLanguageModel#load(DecoderConfig, Weights, TorchOptions)}. */
    public static TorchLanguageModel load(DecoderConfig config, Weights weights, TorchOptions options) {
        Device device = Torch.device(options.device());
        Linear linear = Linear.choose(options.precision(), device);
        return TorchLanguageModel.load(config, weights, options, Torch.start(options.threads()), device, linear, 0);
    }
}
