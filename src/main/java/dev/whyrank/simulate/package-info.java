/**
 * What a deployment of so many workers would do under so much traffic, found without a model, a network or a wait.
 *
 * <p><b>The same decisions.</b> {@link dev.whyrank.generate.Scheduler} plans every step and {@link
 * dev.whyrank.rerank.Admission} lets requests in, both as the service runs them; only the model and the clock are
 * exchanged. {@code Countdown} answers a step without computing, and {@link dev.whyrank.simulate.StepCost} says how long
 * a model would have taken. Nothing is sampled that the service decides, so what is learnt here about batching, fairness
 * or refusals is about the code that serves.
 *
 * <p><b>Virtual time.</b> {@code Agenda} is the only clock: a queue of what happens when, in nanoseconds. All chance
 * comes from one seed, and the size of request number n depends on seed and n alone, so that two deployments meet the
 * same traffic. The same arguments give the same figures, on any machine.
 *
 * <p><b>Past one machine.</b> {@code TaskQueue} holds tasks of some documents of one request in two lanes. A worker asks
 * for one task at a time and only while it has the slots for a whole one; among workers that ask, the one that asked
 * first is served. A dead worker says nothing: its tasks are handed on, whole, once they have been idle for long enough.
 *
 * <p><b>Threads.</b> A simulation runs on its caller's thread and shares nothing with another.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.simulate;
