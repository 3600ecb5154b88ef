# Fine-tuning of the decoders that decoder.py serves: forward pass over whole sequences, gradients, and AdamW.
#
# Weights enter in the order of decoder.py, stacked as there. Either all of them learn, or low-rank adapters beside the
# linear layers do, with the rest frozen. What learns is held in float32 in `learned`, beside its two moments; gradients
# are added up on the tensors themselves until `update` uses them.
#
# A batch is [sequences, length], short sequences filled up at their end: attention looks back only, so what fills them
# changes nothing before it, and rows there are never asked for.
class Training(Module):
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
  tied : bool
  checkpointing : bool
  adapter_scale : float
  dropout : float
  held : int
  embedding : Optional[Tensor]
  like : Optional[Tensor]
  matrices : List[Tensor]
  norms : List[Tensor]
  biases : List[Tensor]
  head_norms : List[Tensor]
  downs : List[Tensor]
  ups : List[Tensor]
  learned : List[Tensor]
  first : List[Tensor]
  second : List[Tensor]
  cosine : Optional[Tensor]
  sine : Optional[Tensor]

  # --- loading: weights enter one at a time ---

  # like: any tensor on the device; format: of products, as against `held`, that of the matrices; cosine, sine:
  # [length, head_dim / 2] float32.
  def prepare(self: __torch__.Training, vocabulary: int, like: Tensor, format: int, cosine: Tensor, sine: Tensor) -> int:
    self.like = torch.to(like, format)
    self.embedding = torch.new_empty(torch.to(like, self.held), [vocabulary, self.hidden])
    self.cosine = torch.clone(cosine)
    self.sine = torch.clone(sine)
    return 0

  def fill(self: __torch__.Training, matrix: Tensor, first: int, rows: Tensor) -> int:
    _ = torch.copy_(torch.narrow(matrix, 0, first, torch.size(rows, 0)), rows)
    return 0

  def fill_embedding(self: __torch__.Training, first: int, rows: Tensor) -> int:
    return self.fill(unchecked_cast(Tensor, self.embedding), first, rows)

  # A head that is the embedding table is not held a second time.
  def add_matrix(self: __torch__.Training, matrix: Tensor) -> int:
    if len(self.matrices) == self.layers * 4:
      if self.tied:
        return 0
    _ = torch.append(self.matrices, torch.to(matrix, self.held, False, True))
    return 0

  def add_norm(self: __torch__.Training, weight: Tensor) -> int:
    _ = torch.append(self.norms, torch.clone(weight))
    return 0

  def add_bias(self: __torch__.Training, bias: Tensor) -> int:
    _ = torch.append(self.biases, torch.clone(bias))
    return 0

  def add_head_norm(self: __torch__.Training, weight: Tensor) -> int:
    _ = torch.append(self.head_norms, torch.clone(weight))
    return 0

  # Order: for each layer q, k, v, o, gate, up, down. Empty tensors stand for a module without an adapter.
  # down: [rank, in], up: [out, rank], both float32.
  def add_adapter(self: __torch__.Training, down: Tensor, up: Tensor) -> int:
    _0 = torch.append(self.downs, torch.clone(down))
    _1 = torch.append(self.ups, torch.clone(up))
    return 0

  # Ends loading: says what learns. Tensors that were made in a call without gradients can never take part in one with
  # them, so everything is copied in this call, which has to be one with them.
  def begin(self: __torch__.Training, like: Tensor) -> Tensor:
    self.embedding = torch.clone(unchecked_cast(Tensor, self.embedding))
    self.like = torch.clone(unchecked_cast(Tensor, self.like))
    self.cosine = torch.clone(unchecked_cast(Tensor, self.cosine))
    self.sine = torch.clone(unchecked_cast(Tensor, self.sine))
    for tensors in [self.matrices, self.norms, self.biases, self.head_norms, self.downs, self.ups]:
      for i in range(len(tensors)):
        _0 = torch._set_item(tensors, i, torch.clone(tensors[i]))
    if len(self.downs) == 0:
      _1 = self.learn_all()
    for i in range(len(self.downs)):
      if torch.numel((self.downs)[i]) > 0:
        _2 = self.learn((self.downs)[i])
        _3 = self.learn((self.ups)[i])
    return torch.clone(like)

  def learn(self: __torch__.Training, weight: Tensor) -> int:
    _0 = torch.requires_grad_(weight, True)
    _1 = torch.append(self.learned, weight)
    _2 = torch.append(self.first, torch.zeros_like(torch.detach(weight)))
    _3 = torch.append(self.second, torch.zeros_like(torch.detach(weight)))
    return 0

  # Order: embedding; for each layer its two norms, its four matrices, bias, head norms; the last norm; the head.
  def learn_all(self: __torch__.Training) -> int:
    _ = self.learn(unchecked_cast(Tensor, self.embedding))
    for layer in range(self.layers):
      for i in range(2):
        _0 = self.learn((self.norms)[layer * 2 + i])
      for i in range(4):
        _1 = self.learn((self.matrices)[layer * 4 + i])
      if self.has_bias:
        _2 = self.learn((self.biases)[layer])
      if self.has_head_norm:
        for i in range(2):
          _3 = self.learn((self.head_norms)[layer * 2 + i])
    _4 = self.learn((self.norms)[self.layers * 2])
    if self.tied:
      return len(self.learned)
    _5 = self.learn((self.matrices)[self.layers * 4])
    return len(self.learned)

  # --- forward ---

  def norm(self: __torch__.Training, x: Tensor, weight: Tensor) -> Tensor:
    return x * torch.rsqrt(torch.mean(x * x, [-1], True) + self.eps) * weight

  def product(self: __torch__.Training, x: Tensor, matrix: Tensor) -> Tensor:
    like = unchecked_cast(Tensor, self.like)
    return torch.to(torch.linear(torch.to(x, like), torch.to(matrix, like)), 6)

  # Matrix number i of a layer, which is a stack of `count` modules from module `m` on, with their adapters.
  def linear(self: __torch__.Training, x: Tensor, layer: int, i: int, m: int, count: int, mask: Optional[Tensor]) -> Tensor:
    y = self.product(x, (self.matrices)[layer * 4 + i])
    adapted = False
    for j in range(count):
      if len(self.downs) > 0:
        if torch.numel((self.downs)[layer * 7 + m + j]) > 0:
          adapted = True
    if adapted:
      kept = x
      if mask is not None:
        kept = x * torch.div(torch.to(unchecked_cast(Tensor, mask), 6), 1. - self.dropout)
      parts = annotate(List[Tensor], [])
      for j in range(count):
        down = (self.downs)[layer * 7 + m + j]
        up = (self.ups)[layer * 7 + m + j]
        if torch.numel(down) > 0:
          _0 = torch.append(parts, torch.linear(torch.linear(kept, down), up) * self.adapter_scale)
        else:
          width = torch.size(up, 0)
          _1 = torch.append(parts, torch.new_zeros(y, [torch.size(y, 0), torch.size(y, 1), width]))
      y = y + torch.cat(parts, 2)
    return y

  # masks: what dropout keeps before q|k|v, o, gate|up and down of this layer, or nothing.
  def block(self: __torch__.Training, x: Tensor, layer: int, masks: List[Tensor]) -> Tensor:
    b = torch.size(x, 0)
    n = torch.size(x, 1)
    d = self.head_dim
    both = self.heads + self.kv_heads
    cosine = torch.unsqueeze(torch.narrow(unchecked_cast(Tensor, self.cosine), 0, 0, n), 1)
    sine = torch.unsqueeze(torch.narrow(unchecked_cast(Tensor, self.sine), 0, 0, n), 1)
    h = self.norm(x, (self.norms)[layer * 2])
    qkv = self.linear(h, layer, 0, 0, 3, self.mask(masks, layer, 0))
    if self.has_bias:
      qkv = qkv + (self.biases)[layer]
    qkv = torch.view(qkv, [b, n, both + self.kv_heads, d])
    qk = torch.narrow(qkv, 2, 0, both)
    if self.has_head_norm:
      q_normed = self.norm(torch.narrow(qk, 2, 0, self.heads), (self.head_norms)[layer * 2])
      k_normed = self.norm(torch.narrow(qk, 2, self.heads, self.kv_heads), (self.head_norms)[layer * 2 + 1])
      qk = torch.cat([q_normed, k_normed], 2)
    low = torch.narrow(qk, 3, 0, d // 2)
    high = torch.narrow(qk, 3, d // 2, d // 2)
    qk = torch.cat([low * cosine - high * sine, high * cosine + low * sine], 3)
    q = torch.transpose(torch.narrow(qk, 2, 0, self.heads), 1, 2)
    k = self.spread(torch.narrow(qk, 2, self.heads, self.kv_heads))
    v = self.spread(torch.narrow(qkv, 2, both, self.kv_heads))
    attended = torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=self.scale)
    flat = torch.reshape(torch.transpose(attended, 1, 2), [b, n, self.heads * d])
    x = x + self.linear(flat, layer, 1, 3, 1, self.mask(masks, layer, 1))
    h = self.norm(x, (self.norms)[layer * 2 + 1])
    gate_up = self.linear(h, layer, 2, 4, 2, self.mask(masks, layer, 2))
    gated = torch.silu(torch.narrow(gate_up, 2, 0, self.feed_forward)) * torch.narrow(gate_up, 2, self.feed_forward, self.feed_forward)
    return x + self.linear(gated, layer, 3, 6, 1, self.mask(masks, layer, 3))

  # [b, n, kv_heads, d] to [b, heads, n, d]: each key and value for its whole group of queries.
  def spread(self: __torch__.Training, x: Tensor) -> Tensor:
    turned = torch.transpose(x, 1, 2)
    group = self.heads // self.kv_heads
    if group == 1:
      return turned
    return torch.repeat_interleave(turned, group, 1)

  def mask(self: __torch__.Training, masks: List[Tensor], layer: int, i: int) -> Optional[Tensor]:
    if len(masks) == 0:
      return None
    return masks[layer * 4 + i]

  # Dropout's choices for a whole pass, made before it, so that a block that is computed twice makes them once.
  def masks(self: __torch__.Training, x: Tensor) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    if self.dropout > 0.:
      if len(self.downs) > 0:
        for layer in range(self.layers):
          for width in [self.hidden, self.heads * self.head_dim, self.hidden, self.feed_forward]:
            uniform = torch.rand([torch.size(x, 0), torch.size(x, 1), width], dtype=6, device=x.device)
            _ = torch.append(masks, torch.ge(uniform, self.dropout))
    return masks

  # rows: places in the batch laid out flat, [m]; the result is [m, vocabulary].
  def head(self: __torch__.Training, x: Tensor, rows: Tensor) -> Tensor:
    chosen = torch.index_select(torch.reshape(x, [-1, self.hidden]), 0, rows)
    normed = self.norm(chosen, (self.norms)[self.layers * 2])
    if self.tied:
      return self.product(normed, unchecked_cast(Tensor, self.embedding))
    return self.product(normed, (self.matrices)[self.layers * 4])

  def embed(self: __torch__.Training, tokens: Tensor) -> Tensor:
    return torch.to(torch.embedding(unchecked_cast(Tensor, self.embedding), tokens), 6)

  def logits(self: __torch__.Training, tokens: Tensor, rows: Tensor) -> Tensor:
    x = self.embed(tokens)
    for layer in range(self.layers):
      x = self.block(x, layer, annotate(List[Tensor], []))
    return self.head(x, rows)

  # For each row: the negative log likelihood of its target, and the likeliest token.
  def outcome(self: __torch__.Training, logits: Tensor, losses: Tensor) -> Tensor:
    return torch.stack([torch.detach(losses), torch.to(torch.argmax(torch.detach(logits), 1), 6)], 1)

  def losses(self: __torch__.Training, logits: Tensor, targets: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, targets, None, 0)

  def evaluate(self: __torch__.Training, tokens: Tensor, rows: Tensor, targets: Tensor) -> Tensor:
    logits = self.logits(tokens, rows)
    return self.outcome(logits, self.losses(logits, targets))

  # --- backward ---

  # Adds the gradient of sum(weights * negative log likelihood of targets) to what has been added up.
  def accumulate(self: __torch__.Training, tokens: Tensor, rows: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    _0 = torch.set_grad_enabled(True)
    if self.checkpointing:
      return self.accumulate_by_block(tokens, rows, targets, weights)
    x = self.embed(tokens)
    masks = self.masks(x)
    for layer in range(self.layers):
      x = self.block(x, layer, masks)
    logits = self.head(x, rows)
    losses = self.losses(logits, targets)
    _1 = torch.backward(torch.sum(losses * weights))
    _2 = torch.set_grad_enabled(False)
    return self.outcome(logits, losses)

  # The same in the memory of one block: only what enters each block is kept, and its inside is computed again.
  def accumulate_by_block(self: __torch__.Training, tokens: Tensor, rows: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    embedded = self.embed(tokens)
    _0 = torch.set_grad_enabled(False)
    masks = self.masks(embedded)
    entering = annotate(List[Tensor], [])
    x = torch.detach(embedded)
    for layer in range(self.layers):
      _1 = torch.append(entering, x)
      x = self.block(x, layer, masks)
    _2 = torch.set_grad_enabled(True)
    leaf = torch.requires_grad_(torch.detach(x), True)
    logits = self.head(leaf, rows)
    losses = self.losses(logits, targets)
    _3 = torch.backward(torch.sum(losses * weights))
    gradient = leaf.grad
    for i in range(self.layers):
      layer = self.layers - 1 - i
      leaf = torch.requires_grad_(torch.detach(entering[layer]), True)
      _4 = torch.backward(self.block(leaf, layer, masks), gradient)
      gradient = leaf.grad
    if embedded.requires_grad:
      _5 = torch.backward(embedded, gradient)
    _6 = torch.set_grad_enabled(False)
    return self.outcome(logits, losses)

  # One step of AdamW on what has been added up, which is then zero again. Decay holds for matrices only.
  # The result is the gradient's norm before it was cut down to `clip`.
  def update(self: __torch__.Training, step: int, rate: float, first_decay: float, second_decay: float, eps: float, decay: float, clip: float) -> Tensor:
    squares = annotate(List[Tensor], [])
    for weight in self.learned:
      _0 = torch.append(squares, torch.sum(torch.square(weight.grad)))
    norm = torch.sqrt(torch.sum(torch.stack(squares)))
    shrink = torch.clamp_max(torch.reciprocal(norm + 1.e-6) * clip, 1.)
    first_correction = 1. - torch.pow(first_decay, step)
    second_correction = 1. - torch.pow(second_decay, step)
    for i in range(len(self.learned)):
      weight = torch.detach((self.learned)[i])
      summed = ((self.learned)[i]).grad
      gradient = summed * shrink
      m = torch.add_(torch.mul_((self.first)[i], first_decay), gradient, alpha=1. - first_decay)
      v = torch.addcmul_(torch.mul_((self.second)[i], second_decay), gradient, gradient, value=1. - second_decay)
      if torch.dim(weight) > 1:
        _1 = torch.mul_(weight, 1. - rate * decay)
      spread = torch.add_(torch.sqrt(v / second_correction), eps)
      _2 = torch.addcdiv_(weight, m, spread, value=-rate / first_correction)
      _3 = torch.zero_(summed)
    return norm

  # --- looking in: what learns, its gradient and its moments ---

  # which: 0 the tensor, 1 and 2 its moments, 3 its gradient.
  def pick(self: __torch__.Training, which: int, i: int) -> Tensor:
    if which == 1:
      return (self.first)[i]
    if which == 2:
      return (self.second)[i]
    if which == 3:
      return ((self.learned)[i]).grad
    return torch.detach((self.learned)[i])

  def read(self: __torch__.Training, which: int, i: int, first: int, count: int) -> Tensor:
    return torch.clone(torch.narrow(self.pick(which, i), 0, first, count))

  def write(self: __torch__.Training, which: int, i: int, first: int, rows: Tensor) -> int:
    return self.fill(self.pick(which, i), first, rows)
