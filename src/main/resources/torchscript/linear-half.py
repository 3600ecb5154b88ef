# Matrices in float16, activations and sums in float32 (FBGEMM). CPUs without bfloat16 instructions: the same memory,
# three more bits of mantissa; magnitudes above 65504 are clipped, which no language model's weights reach.
class Linear(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]

  def prepare(self: __torch__.linear.Linear, like: Tensor, format: int) -> int:
    return 0

  def add(self: __torch__.linear.Linear, matrix: Tensor) -> int:
    _ = torch.append(self.packed, ops.quantized.linear_prepack_fp16(matrix, None))
    return len(self.packed) - 1

  def apply(self: __torch__.linear.Linear, x: Tensor, i: int) -> Tensor:
    return ops.quantized.linear_dynamic_fp16(x, (self.packed)[i])
