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

  def multiply(self: __torch__.linear.Linear, x: Tensor, w: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, None, "none", annotate(List[Optional[number]], []), None)

  # x [n, in] float32 times matrix number i, transposed: [n, out] float32.
  # oneDNN keeps a compiled product, some megabytes, for each number of rows it has met, up to a thousand of them. So rows
  # go through in blocks of 256 and a rest that is padded to a multiple of 8 or 32: a dozen numbers in all.
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
