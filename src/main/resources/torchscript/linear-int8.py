# W8A8: int8 weights with one scale per row, 8-bit activations with one scale per token, 32-bit sums (FBGEMM). CPU only.
# A token's scale comes from that token alone, so its result never depends on the rest of the batch. (The library's own
# dynamic quantisation takes one scale per batch.)
class Linear(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  levels : float
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]

  # Weights are quantised to -levels..levels. With AVX512-VNNI 127 is safe. Without it, products of neighbouring columns
  # are added in 16 bits, which saturates above 255 * 2 * 64: then weights get 63 levels and the sums stay exact.
  def prepare(self: __torch__.linear.Linear, like: Tensor, format: int) -> int:
    ones = torch.ones([1, 64])
    exact = self.multiply(ones, self.pack(torch.ones([8, 64]), 127.))
    if bool(torch.gt(torch.max(torch.abs(exact - 64.)), 0.01)):
      self.levels = 63.
    else:
      self.levels = 127.
    return int(self.levels)

  def pack(self: __torch__.linear.Linear, matrix: Tensor, levels: float) -> __torch__.torch.classes.quantized.LinearPackedParamsBase:
    largest = torch.maximum(torch.amax(matrix, [1]), torch.neg(torch.amin(matrix, [1])))
    scale = torch.div(torch.clamp_min(largest, 1.0e-12), levels)
    zero = torch.zeros_like(scale, dtype=4)
    return ops.quantized.linear_prepack(torch.quantize_per_channel(matrix, scale, zero, 0, 12), None)

  def multiply(self: __torch__.linear.Linear, x: Tensor, w: __torch__.torch.classes.quantized.LinearPackedParamsBase) -> Tensor:
    largest = torch.maximum(torch.amax(x, [1], True), torch.neg(torch.amin(x, [1], True)))
    scale = torch.clamp_min_(largest, 1.0e-12)
    y = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(torch.div(x, scale), 0.007874015748031496, 128, w)
    return torch.mul_(y, scale)

  def add(self: __torch__.linear.Linear, matrix: Tensor) -> int:
    _ = torch.append(self.packed, self.pack(matrix, self.levels))
    return len(self.packed) - 1

  def apply(self: __torch__.linear.Linear, x: Tensor, i: int) -> Tensor:
    return self.multiply(x, (self.packed)[i])
