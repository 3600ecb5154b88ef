/**
 * Continuous batching of token sequences: who gets a slot, what each step computes, when a sequence ends.
 *
 * <p><b>Decide, run, apply.</b> {@link dev.whyrank.generate.Scheduler} owns slots and sequences and is pure: its plan is
 * a {@link dev.whyrank.model.Step}, plain data; the model runs it; the scheduler applies the result and returns what
 * happened as {@link dev.whyrank.generate.SequenceEvent}s. The same scheduler therefore serves the engine, the tests
 * and simulations in virtual time. Stop rules, limits and forced continuations are decided before the next plan, so no
 * token is ever computed behind an end.
 *
 * <p><b>Threads.</b> {@link dev.whyrank.generate.GenerationEngine} has the one thread that touches models; nothing else
 * here has a thread, a clock or a random number. Other threads only put messages into its {@code Inbox} and count
 * places in its {@code Quota}s. Listeners are called on the engine's thread. Two {@code Lane}s, steps and encoder
 * batches, take turns on it.
 *
 * <p><b>Nothing is lost.</b> {@code Delivery} keeps its own books of who still has a terminal event to come, apart from
 * the scheduler's. If a model throws, the step's sequences fail; if anything else breaks, an Error included, everyone
 * fails and an empty scheduler takes over. A scheduler is cheap, and a new one writes every slot from its first
 * position, so whatever a broken step has left in the cache is never read.
 *
 * <p><b>Slots.</b> Fixed, without preemption: a sequence that has started can always finish, because prompt, limit and
 * forced continuation were checked against the slot's length before it was accepted. Documents take the lowest free
 * slot and shared prefixes the highest, since only documents decode, and a decode step costs as many rows as its highest
 * slot has below it. A document that ends leaves a hole among them. It is left as it is: while requests wait, the next
 * plan fills the lowest hole; when none wait, the batch is shrinking anyway, and a dead row for some steps costs less
 * than moving a whole slot's keys and values. A prefix that is copied from never decodes, so it can only cost memory.
 *
 * <p><b>No deadlock.</b> A request that shares a prefix holds a slot for it until its last copy, so that slot must not
 * be what its documents wait for: prefixes hold at most half of the slots, the first is granted only together with a
 * document's slot, and each holder needs only one more slot at a time, which the next document that ends brings. With
 * one slot nothing is shared.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.generate;
