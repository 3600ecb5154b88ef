# The embedding table in int8 with one float32 scale per row.
class Embedding(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  table : Optional[Tensor]
  scales : Optional[Tensor]

  def allocate(self: __torch__.embedding.Embedding, vocabulary: int, hidden: int, like: Tensor, format: int) -> int:
    self.table = torch.empty([vocabulary, hidden], dtype=1)
    self.scales = torch.empty([vocabulary, 1], dtype=6)
    return 0

  def fill(self: __torch__.embedding.Embedding, first: int, rows: Tensor) -> int:
    largest = torch.maximum(torch.amax(rows, [1], True), torch.neg(torch.amin(rows, [1], True)))
    scale = torch.div(torch.clamp_min(largest, 1.0e-12), 127.)
    n = torch.size(rows, 0)
    _0 = torch.copy_(torch.narrow(unchecked_cast(Tensor, self.table), 0, first, n), torch.round(torch.div(rows, scale)))
    _1 = torch.copy_(torch.narrow(unchecked_cast(Tensor, self.scales), 0, first, n), scale)
    return 0

  def lookup(self: __torch__.embedding.Embedding, ids: Tensor) -> Tensor:
    rows = torch.to(torch.index_select(unchecked_cast(Tensor, self.table), 0, ids), 6)
    return torch.mul(rows, torch.index_select(unchecked_cast(Tensor, self.scales), 0, ids))
