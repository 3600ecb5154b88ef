/**
 * All tensors: models as TorchScript resources, run by DJL's PyTorch engine. No Python is involved at any time.
 *
 * <p>A model is a readable TorchScript source in {@code src/main/resources}, the same for every size: {@code
 * decoder.py} for the rotary decoders (Llama, Qwen2 and Qwen3 differ only in a bias and in two norms), {@code bert.py}
 * for encoders, and one {@code linear-*.py} for each way of holding and multiplying matrices. Java writes only a small
 * archive with the source and the numbers of the shape, lets libtorch load it, and hands the weights in, one at a time.
 *
 * <p>Every object here belongs to the one thread that calls it after loading; libtorch's own threads work inside a call.
 * On CPU a step is computed in parts side by side ({@link dev.whyrank.model.torch.Lanes}), each by a thread that has a
 * share of libtorch's: parts have no slot in common, so what they write to the cache is disjoint, and they meet once a
 * step instead of at every operation. Slots that have the same prefix by copies are told apart from others by {@link
 * dev.whyrank.model.torch.CopiedPrefixes}: their single tokens read it in one of them, since on CPU what a decode reads
 * is what it takes.
 * Each call's tensors live in a manager of their own that is closed when the call returns, so nothing native outlives a
 * step but weights and cache.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.model.torch;
