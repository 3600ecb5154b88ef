# Matrices in float32, reordered once into oneDNN's blocked layout. CPU only.
class Linear(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  packed : List[Tensor]

  # Called once, before the first matrix; `like` lies on the device, `format` is TorchScript's code of the number format.
  def prepare(self: __torch__.linear.Linear, like: Tensor, format: int) -> int:
    return 0

  # Adds a matrix [out, in]; its place in the order of adding is its index from then on.
  def add(self: __torch__.linear.Linear, matrix: Tensor) -> int:
    _ = torch.append(self.packed, ops.mkldnn._reorder_linear_weight(matrix, None))
    return len(self.packed) - 1

  # x [n, in] float32 times matrix number i, transposed: [n, out] float32.
  def apply(self: __torch__.linear.Linear, x: Tensor, i: int) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, (self.packed)[i], None, "none", annotate(List[Optional[number]], []), None)
