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

  def multiply(self: __torch__.linear.Linear, x: Tensor, w: Tensor) -> Tensor:
    y = ops.mkldnn._linear_pointwise(torch.to(x, 15), w, None, "none", annotate(List[Optional[number]], []), None)
    return torch.to(y, 6)

  # In blocks of few sizes: linear-float32.py says why.
  def apply(self: __torch__.linear.Linear, x: Tensor, i: int) -> Tensor:
    n = torch.size(x, 0)
    parts = annotate(List[Tensor], [])
    for block in range((n + 255) // 256):
      size = n - block * 256
      if size > 256:
        size = 256
      unit = 32
      if size <= 32:
        unit = 8
      padding = (size + unit - 1) // unit * unit - size
      rows = torch.narrow(x, 0, block * 256, size)
      if padding > 0:
        rows = torch.constant_pad_nd(rows, [0, 0, 0, padding])
      _ = torch.append(parts, torch.narrow(self.multiply(rows, (self.packed)[i]), 0, 0, size))
    if len(parts) == 1:
      return parts[0]
    return torch.cat(parts, 0)
