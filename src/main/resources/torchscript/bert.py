# A BERT encoder whose sentence vector is the mean over its tokens, scaled to length one. Linear layers see the tokens of
# all texts packed as [tokens, width], so short texts carry no padding; attention takes each text on its own.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  hidden : int
  heads : int
  eps : float
  linear : __torch__.linear.Linear
  embedding : __torch__.embedding.Embedding
  tables : List[Tensor]
  norms : List[Tensor]
  biases : List[Tensor]

  # --- loading: weights enter one at a time ---

  def prepare(self: __torch__.Encoder, vocabulary: int, like: Tensor, format: int) -> int:
    _ = (self.embedding).allocate(vocabulary, self.hidden, like, format)
    return (self.linear).prepare(like, format)

  # Writes float32 rows into a float32 matrix that is being assembled.
  def fill(self: __torch__.Encoder, matrix: Tensor, first: int, rows: Tensor) -> int:
    _ = torch.copy_(torch.narrow(matrix, 0, first, torch.size(rows, 0)), rows)
    return 0

  def fill_embedding(self: __torch__.Encoder, first: int, rows: Tensor) -> int:
    return (self.embedding).fill(first, rows)

  # Order: positions, token types.
  def add_table(self: __torch__.Encoder, table: Tensor) -> int:
    _ = torch.append(self.tables, torch.clone(table))
    return 0

  # Order: for each layer q|k|v stacked, attention output, inner, outer; add_bias likewise.
  def add_matrix(self: __torch__.Encoder, matrix: Tensor) -> int:
    return (self.linear).add(matrix)

  def add_bias(self: __torch__.Encoder, bias: Tensor) -> int:
    _ = torch.append(self.biases, torch.clone(bias))
    return 0

  # Order: weight and bias of the embedding norm, then for each layer those after attention, those after the feed-forward.
  def add_norm(self: __torch__.Encoder, weight: Tensor) -> int:
    _ = torch.append(self.norms, torch.clone(weight))
    return 0

  # --- encoding ---

  def norm(self: __torch__.Encoder, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [self.hidden], (self.norms)[i * 2], (self.norms)[i * 2 + 1], self.eps)

  def affine(self: __torch__.Encoder, x: Tensor, i: int) -> Tensor:
    return torch.add_(torch.to((self.linear).apply(x, i), 6), (self.biases)[i])

  # tokens, positions: [sum of lengths], text after text. Returns [texts, hidden].
  def encode(self: __torch__.Encoder, tokens: Tensor, positions: Tensor, lengths: List[int]) -> Tensor:
    d = self.hidden // self.heads
    x = (self.embedding).lookup(tokens) + torch.index_select((self.tables)[0], 0, positions) + torch.select((self.tables)[1], 0, 0)
    x = self.norm(x, 0)
    for layer in range(self.layers):
      qkv = torch.view(self.affine(x, layer * 4), [-1, 3, self.heads, d])
      outs = annotate(List[Tensor], [])
      first = 0
      for length in lengths:
        text = torch.unsqueeze(torch.permute(torch.narrow(qkv, 0, first, length), [1, 2, 0, 3]), 1)
        out = torch.scaled_dot_product_attention(torch.select(text, 0, 0), torch.select(text, 0, 1), torch.select(text, 0, 2), None, 0., False)
        _0 = torch.append(outs, torch.reshape(torch.permute(torch.squeeze(out, 0), [1, 0, 2]), [length, self.hidden]))
        first = first + length
      x = self.norm(torch.add_(self.affine(torch.cat(outs, 0), layer * 4 + 1), x), layer * 2 + 1)
      inner = torch.gelu(self.affine(x, layer * 4 + 2))
      x = self.norm(torch.add_(self.affine(inner, layer * 4 + 3), x), layer * 2 + 2)
    means = annotate(List[Tensor], [])
    first = 0
    for length in lengths:
      _1 = torch.append(means, torch.mean(torch.narrow(x, 0, first, length), [0]))
      first = first + length
    pooled = torch.stack(means, 0)
    return torch.div(pooled, torch.clamp_min(torch.norm(pooled, 2, [1], True), 1.0e-12))
