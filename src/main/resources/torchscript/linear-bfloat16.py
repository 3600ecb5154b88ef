# Matrices in bfloat16, reordered once into oneDNN's blocked layout. CPUs with bfloat16 instructions only.
class Linear(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  packed : List[Tensor]

  def prepare(self: __torch__.linear.Linear, like: Tensor, format: int) -> int:
    return 0

  def add(self: __torch__.linear.Linear, matrix: Tensor) -> int:
    _ = torch.append(self.packed, ops.mkldnn._reorder_linear_weight(torch.to(matrix, 15), None))
    return len(self.packed) - 1

  def apply(self: __torch__.linear.Linear, x: Tensor, i: int) -> Tensor:
    y = ops.mkldnn._linear_pointwise(torch.to(x, 15), (self.packed)[i], None, "none", annotate(List[Optional[number]], []), None)
    return torch.to(y, 6)
