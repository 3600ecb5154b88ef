/**
 * The command line: arguments, progress and output, and nothing that decides.
 *
 * <p>Every command runs on the main thread and ends the process with its exit status: 0, or 2 with one line on standard
 * error for what the user can correct, or 1 with a stack trace for what only a programmer can. Serving is not a command
 * here, since it needs Spring, whose start the other commands should not pay for.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.cli;
