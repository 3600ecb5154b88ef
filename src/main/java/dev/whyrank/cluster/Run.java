package dev.whyrank.cluster;

/**
 * One worker's try at a task.
 *
 * @param attempt from 1; a higher one takes the place of lower ones
 * @param token tells apart tries that a Redis with a bad memory gave the same number
 */
record Run(int attempt, String token) {}
