# The embedding table as it is: in any number format, on any device.
class Embedding(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  table : Optional[Tensor]

  # Makes room for [vocabulary, hidden] in the number format with TorchScript's code `format`, on the device of `like`.
  def allocate(self: __torch__.embedding.Embedding, vocabulary: int, hidden: int, like: Tensor, format: int) -> int:
    self.table = torch.new_empty(torch.to(like, format), [vocabulary, hidden])
    return 0

  # Sets rows from `first` on from a float32 matrix.
  def fill(self: __torch__.embedding.Embedding, first: int, rows: Tensor) -> int:
    _ = torch.copy_(torch.narrow(unchecked_cast(Tensor, self.table), 0, first, torch.size(rows, 0)), rows)
    return 0

  # Token ids [n] to float32 rows [n, hidden].
  def lookup(self: __torch__.embedding.Embedding, ids: Tensor) -> Tensor:
    return torch.to(torch.embedding(unchecked_cast(Tensor, self.table), ids), 6)
