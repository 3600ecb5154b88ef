# A decoder with rotary positions and grouped-query attention: Llama, Qwen2 (biases on q, k and v) and Qwen3 (a norm on
# each head of q and k). One source for every size; the numbers below come from the checkpoint.
#
# The cache holds keys and values as [layers, slots, kv_heads, length, head_dim]. One step computes tokens of many slots:
# linear layers see all of them packed as [tokens, width]; attention treats the leading single-token rows ("decodes") as
# few padded batches and every longer run of tokens ("prefill") on its own.
#
# A GPU waits for its next kernel more than it computes, so there norms and decodes' attention are one kernel each (`fused`),
# and what linear-plain.py gives stays in the matrices' format until it is added to the float32 sum of the layers. The
# conversions below to float32 do nothing on CPU.
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  hidden : int
  heads : int
  kv_heads : int
  head_dim : int
  feed_forward : int
  eps : float
  scale : float
  has_bias : bool
  has_head_norm : bool
  fused : bool
  linear : __torch__.linear.Linear
  embedding : __torch__.embedding.Embedding
  norms : List[Tensor]
  biases : List[Tensor]
  head_norms : List[Tensor]
  keys : Optional[Tensor]
  values : Optional[Tensor]
  cosine : Optional[Tensor]
  sine : Optional[Tensor]
  labels : Optional[Tensor]

  # --- loading: weights enter one at a time ---

  # Writes float32 rows into a float32 matrix that is being assembled.
  def fill(self: __torch__.Decoder, matrix: Tensor, first: int, rows: Tensor) -> int:
    _ = torch.copy_(torch.narrow(matrix, 0, first, torch.size(rows, 0)), rows)
    return 0

  # Order: for each layer q|k|v stacked, o, gate|up stacked, down; then the head.
  def add_matrix(self: __torch__.Decoder, matrix: Tensor) -> int:
    return (self.linear).add(matrix)

  # Order: for each layer the attention norm, the feed-forward norm; then the last norm.
  def add_norm(self: __torch__.Decoder, weight: Tensor) -> int:
    _ = torch.append(self.norms, torch.clone(weight))
    return 0

  # Order: one for each layer, q|k|v stacked.
  def add_bias(self: __torch__.Decoder, bias: Tensor) -> int:
    _ = torch.append(self.biases, torch.clone(bias))
    return 0

  # Order: for each layer that of q, that of k.
  def add_head_norm(self: __torch__.Decoder, weight: Tensor) -> int:
    _ = torch.append(self.head_norms, torch.clone(weight))
    return 0

  def prepare(self: __torch__.Decoder, vocabulary: int, like: Tensor, format: int) -> int:
    _ = (self.embedding).allocate(vocabulary, self.hidden, like, format)
    return (self.linear).prepare(like, format)

  def fill_embedding(self: __torch__.Decoder, first: int, rows: Tensor) -> int:
    return (self.embedding).fill(first, rows)

  # format: of the cache; like: any tensor on its device; cosine, sine: [length, head_dim / 2] float32.
  def allocate_cache(self: __torch__.Decoder, slots: int, length: int, like: Tensor, format: int, cosine: Tensor, sine: Tensor, labels: Tensor) -> int:
    shape = [self.layers, slots, self.kv_heads, length, self.head_dim]
    self.keys = torch.new_zeros(torch.to(like, format), shape)
    self.values = torch.new_zeros(torch.to(like, format), shape)
    self.cosine = torch.clone(cosine)
    self.sine = torch.clone(sine)
    self.labels = torch.clone(labels)
    return 0

  # --- one step ---

  def copy_prefix(self: __torch__.Decoder, source: int, targets: Tensor, length: int) -> int:
    for cache in [unchecked_cast(Tensor, self.keys), unchecked_cast(Tensor, self.values)]:
      prefix = torch.narrow(cache, 3, 0, length)
      one = torch.narrow(prefix, 1, source, 1)
      _ = torch.index_copy_(prefix, 1, targets, torch.expand(one, [-1, torch.size(targets, 0), -1, -1, -1]))
    return 0

  def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor, width: int) -> Tensor:
    if self.fused:
      return torch.rms_norm(x, [width], weight, self.eps)
    squares = torch.square(torch.linalg_vector_norm(x, 2, [-1], True))
    return torch.mul_(torch.mul(x, torch.rsqrt(squares / width + self.eps)), weight)

  # Forgets a slot whose numbers went bad: a masked position still takes part in a product, and 0 * NaN is NaN.
  def clear(self: __torch__.Decoder, slot: int) -> int:
    _0 = torch.zero_(torch.select(unchecked_cast(Tensor, self.keys), 1, slot))
    _1 = torch.zero_(torch.select(unchecked_cast(Tensor, self.values), 1, slot))
    return 0

  # One product over what all rows share, one softmax over that and each row's own. grouped: [rows, kv_heads, group,
  # head_dim], scaled; common_k, common_v: [kv_heads, shared, head_dim]; scores, own_v: of each row's own positions.
  def attend_with_common(self: __torch__.Decoder, grouped: Tensor, common_k: Tensor, common_v: Tensor, scores: Tensor, own_v: Tensor) -> Tensor:
    rows = torch.size(grouped, 0)
    kv_heads = self.kv_heads
    group = self.heads // kv_heads
    d = self.head_dim
    shared = torch.size(common_k, 1)
    q = torch.reshape(torch.transpose(grouped, 0, 1), [kv_heads, rows * group, d])
    common = torch.view(torch.matmul(q, torch.transpose(common_k, 1, 2)), [kv_heads, rows, group, shared])
    p = torch.softmax(torch.cat([torch.transpose(common, 0, 1), scores], 3), 3)
    p_common = torch.reshape(torch.transpose(torch.narrow(p, 3, 0, shared), 0, 1), [kv_heads, rows * group, shared])
    of_common = torch.view(torch.matmul(p_common, common_v), [kv_heads, rows, group, d])
    own = torch.matmul(torch.narrow(p, 3, shared, torch.size(own_v, 2)), own_v)
    return torch.add_(own, torch.transpose(of_common, 0, 1))

  # Single tokens, one a slot, as one batch over `rows` rows of the cache from slot `lowest` on when those are dense, else
  # over gathered rows. The first `shared` positions are the same in all of them: those are read once, in slot `lowest`, by
  # one product for all tokens. q: [decodes, heads, head_dim]; at: the row of each; mask: see decode_mask.
  def attend_decodes(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, at: Tensor, lowest: int, rows: int, span: int, shared: int, mask: Tensor) -> Tensor:
    n = torch.size(q, 0)
    group = self.heads // self.kv_heads
    grouped = torch.reshape(q, [n, self.kv_heads, group, self.head_dim])
    k = torch.narrow(keys, 2, shared, span - shared)
    v = torch.narrow(values, 2, shared, span - shared)
    if rows > 0:
      k = torch.narrow(k, 0, lowest, rows)
      v = torch.narrow(v, 0, lowest, rows)
      if rows != n:
        grouped = torch.index_copy(torch.new_zeros(grouped, [rows, self.kv_heads, group, self.head_dim]), 0, at, grouped)
    else:
      k = torch.index_select(k, 0, at)
      v = torch.index_select(v, 0, at)
    if self.fused:
      out = torch.scaled_dot_product_attention(grouped, k, v, torch.expand(mask, [-1, self.kv_heads, group, -1]), 0., False, scale=self.scale)
    else:
      grouped = grouped * self.scale
      scores = torch.add_(torch.matmul(grouped, torch.transpose(k, 2, 3)), mask)
      if shared == 0:
        out = torch.matmul(torch.softmax(scores, 3), v)
      else:
        common_k = torch.narrow(torch.select(keys, 0, lowest), 1, 0, shared)
        common_v = torch.narrow(torch.select(values, 0, lowest), 1, 0, shared)
        out = self.attend_with_common(grouped, common_k, common_v, scores, v)
    if rows > 0:
      if rows != n:
        out = torch.index_select(out, 0, at)
    return torch.reshape(out, [n, self.heads * self.head_dim])

  # Consecutive tokens of one slot. q: [n, heads, head_dim]; the slot's first `context` positions end with these tokens.
  def attend_prefill(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, context: int, mask: Optional[Tensor]) -> Tensor:
    n = torch.size(q, 0)
    group = self.heads // self.kv_heads
    grouped = torch.view(torch.permute(q, [1, 0, 2]), [self.kv_heads, group, n, self.head_dim])
    k = torch.expand(torch.unsqueeze(torch.narrow(keys, 1, 0, context), 1), [self.kv_heads, group, context, self.head_dim])
    v = torch.expand(torch.unsqueeze(torch.narrow(values, 1, 0, context), 1), [self.kv_heads, group, context, self.head_dim])
    out = torch.scaled_dot_product_attention(grouped, k, v, mask, 0., n == context, scale=self.scale)
    return torch.reshape(torch.permute(torch.reshape(out, [self.heads, n, self.head_dim]), [1, 0, 2]), [n, self.heads * self.head_dim])

  # tokens, positions, slots: [n]. The first tokens are single tokens of their slots, in groups: `decodes` has the size of
  # each, and lowest, rows, spans and shared say what each attends to (see attend_decodes). Prefill run j covers
  # `lengths[j]` tokens, in order, of slot `runs[j]`, up to position `contexts[j]` (exclusive).
  # last: the rows to choose a token after; the result is one row for each: [token, log p(token), log p(label) ...].
  def step(self: __torch__.Decoder, tokens: Tensor, positions: Tensor, slots: Tensor, decodes: List[int], lowest: List[int], rows: List[int], spans: List[int], shared: List[int], lengths: List[int], runs: List[int], contexts: List[int], last: Tensor, temperature: Tensor, top_p: Tensor, uniform: Tensor, sampled: bool) -> Tensor:
    keys = unchecked_cast(Tensor, self.keys)
    values = unchecked_cast(Tensor, self.values)
    n = torch.size(tokens, 0)
    d = self.head_dim
    both = self.heads + self.kv_heads
    x = (self.embedding).lookup(tokens)
    cosine = torch.unsqueeze(torch.index_select(unchecked_cast(Tensor, self.cosine), 0, positions), 1)
    sine = torch.unsqueeze(torch.index_select(unchecked_cast(Tensor, self.sine), 0, positions), 1)
    head = torch.arange(self.kv_heads, dtype=4, device=tokens.device)
    places = torch.reshape((torch.unsqueeze(slots, 1) * self.kv_heads + head) * torch.size(keys, 3) + torch.unsqueeze(positions, 1), [-1])
    ats = annotate(List[Tensor], [])
    decode_masks = annotate(List[Tensor], [])
    first = 0
    for j in range(len(decodes)):
      at = torch.narrow(slots, 0, first, decodes[j])
      if rows[j] > 0:
        at = at - lowest[j]
      ends = torch.narrow(positions, 0, first, decodes[j]) - shared[j]
      _4 = torch.append(ats, at)
      _5 = torch.append(decode_masks, self.decode_mask(ends, at, rows[j], spans[j] - shared[j], keys))
      first = first + decodes[j]
    masks = annotate(List[Optional[Tensor]], [])
    for j in range(len(lengths)):
      if lengths[j] == contexts[j]:
        _0 = torch.append(masks, None)
      else:
        full = torch.full([lengths[j], contexts[j]], -inf, dtype=ops.prim.dtype(keys), device=tokens.device)
        _1 = torch.append(masks, torch.triu(full, contexts[j] - lengths[j] + 1))
    # Of the last layer, other rows need keys and values alone. One row where none is read: no kernel must meet nothing.
    rows_read = last
    if torch.size(last, 0) == 0:
      rows_read = torch.new_zeros(last, [1])
    for layer in range(self.layers):
      h = self.norm(x, (self.norms)[layer * 2], self.hidden)
      qkv = (self.linear).apply(h, layer * 4)
      if self.has_bias:
        qkv = torch.add_(qkv, (self.biases)[layer])
      qkv = torch.view(qkv, [n, both + self.kv_heads, d])
      qk = torch.narrow(qkv, 1, 0, both)
      if self.has_head_norm:
        qk = torch.to(qk, 6)
        q_normed = self.norm(torch.narrow(qk, 1, 0, self.heads), (self.head_norms)[layer * 2], d)
        k_normed = self.norm(torch.narrow(qk, 1, self.heads, self.kv_heads), (self.head_norms)[layer * 2 + 1], d)
        qk = torch.cat([q_normed, k_normed], 1)
      a = torch.narrow(qk, 2, 0, d // 2)
      b = torch.narrow(qk, 2, d // 2, d // 2)
      qk = torch.to(torch.cat([torch.addcmul(a * cosine, b, sine, value=-1), torch.addcmul(b * cosine, a, sine)], 2), ops.prim.dtype(keys))
      layer_keys = torch.select(keys, 0, layer)
      layer_values = torch.select(values, 0, layer)
      new_values = torch.to(torch.narrow(qkv, 1, both, self.kv_heads), ops.prim.dtype(keys))
      _2 = torch.index_copy_(torch.view(layer_keys, [-1, d]), 0, places, torch.reshape(torch.narrow(qk, 1, self.heads, self.kv_heads), [-1, d]))
      _3 = torch.index_copy_(torch.view(layer_values, [-1, d]), 0, places, torch.reshape(new_values, [-1, d]))
      q = torch.narrow(qk, 1, 0, self.heads)
      outs = annotate(List[Tensor], [])
      first = 0
      for j in range(len(decodes)):
        singles = torch.narrow(q, 0, first, decodes[j])
        _6 = torch.append(outs, self.attend_decodes(singles, layer_keys, layer_values, ats[j], lowest[j], rows[j], spans[j], shared[j], decode_masks[j]))
        first = first + decodes[j]
      for j in range(len(lengths)):
        run = torch.narrow(q, 0, first, lengths[j])
        _7 = torch.append(outs, self.attend_prefill(run, torch.select(layer_keys, 0, runs[j]), torch.select(layer_values, 0, runs[j]), contexts[j], masks[j]))
        first = first + lengths[j]
      attended = outs[0]
      if len(outs) > 1:
        attended = torch.cat(outs, 0)
      if layer == self.layers - 1:
        attended = torch.index_select(attended, 0, rows_read)
        x = torch.index_select(x, 0, rows_read)
      x = torch.add_(x, (self.linear).apply(attended, layer * 4 + 1))
      h = self.norm(x, (self.norms)[layer * 2 + 1], self.hidden)
      gate_up = (self.linear).apply(h, layer * 4 + 2)
      gated = torch.mul_(torch.silu(torch.narrow(gate_up, 1, 0, self.feed_forward)), torch.narrow(gate_up, 1, self.feed_forward, self.feed_forward))
      x = torch.add_(x, (self.linear).apply(gated, layer * 4 + 3))
    if torch.size(last, 0) == 0:
      return torch.new_zeros(x, [0, 2])
    chosen = self.norm(x, (self.norms)[self.layers * 2], self.hidden)
    return self.choose(torch.to((self.linear).apply(chosen, self.layers * 4), 6), temperature, top_p, uniform, sampled)

  # Additive mask [rows, 1, 1, span]: 0 up to a slot's position, -inf beyond. Rows of slots that do not decode are dead:
  # they see their first position only, and their result is dropped.
  def decode_mask(self: __torch__.Decoder, positions: Tensor, at: Tensor, rows: int, span: int, keys: Tensor) -> Tensor:
    ends = positions
    if rows > 0:
      if rows != torch.size(positions, 0):
        ends = torch.index_copy(torch.new_zeros(positions, [rows]), 0, at, positions)
    beyond = torch.gt(torch.arange(span, dtype=4, device=positions.device), torch.unsqueeze(ends, 1))
    mask = torch.masked_fill(torch.new_zeros(keys, [torch.size(ends, 0), span]), beyond, -inf)
    return torch.view(mask, [torch.size(ends, 0), 1, 1, span])

  # logits [rows, vocabulary]; temperature 0 takes the largest, else one token is drawn from the nucleus by `uniform`.
  def choose(self: __torch__.Decoder, logits: Tensor, temperature: Tensor, top_p: Tensor, uniform: Tensor, sampled: bool) -> Tensor:
    token = torch.argmax(logits, 1, True)
    if sampled:
      greedy = torch.unsqueeze(torch.eq(temperature, 0.), 1)
      heat = torch.where(greedy, torch.ones_like(torch.unsqueeze(temperature, 1)), torch.unsqueeze(temperature, 1))
      sorted, order = torch.sort(torch.softmax(torch.div(logits, heat), 1), 1, True)
      before = torch.cumsum(sorted, 1) - sorted
      nucleus = torch.mul(sorted, torch.lt(before, torch.unsqueeze(top_p, 1)))
      cumulative = torch.cumsum(nucleus, 1)
      target = torch.unsqueeze(uniform, 1) * torch.unsqueeze(torch.select(cumulative, 1, -1), 1)
      place = torch.sum(torch.le(cumulative, target), [1], True)
      drawn = torch.gather(order, 1, torch.clamp(place, 0, torch.size(logits, 1) - 1))
      token = torch.where(greedy, token, drawn)
    total = torch.logsumexp(logits, [1], True)
    of_token = torch.gather(logits, 1, token) - total
    of_labels = torch.index_select(logits, 1, unchecked_cast(Tensor, self.labels)) - total
    return torch.cat([torch.to(token, 6), of_token, of_labels], 1)
