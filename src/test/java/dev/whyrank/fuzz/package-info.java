/**
 * What the fuzz tests share. A fuzz test is a class whose {@code fuzzerTestOneInput} throws when an input finds a fault;
 * in the suite it meets its committed corpus alone, without an agent, because the suite is one JVM and Jazzer's agent
 * would stay in it. {@link dev.whyrank.fuzz.FuzzCampaign}, run by the profile {@code fuzz}, gives each of them a JVM of
 * its own in which Jazzer looks for new inputs.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.fuzz;
