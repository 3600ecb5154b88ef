package dev.whyrank.rerank.remote;

import java.time.Duration;

/**
 * How patiently and how often a model elsewhere is asked.
 *
 * @param attempts for one answer, the first included
 * @param firstWait before the second attempt; doubled before each further one, and spread by half of it either way
 * @param longestWait between two attempts; an endpoint that asks for more is not waited for
 * @param connect how long a connection may take to be made
 * @param idle how long an answer may be silent
 * @param whole how long an answer may take
 * @param atOnce calls at the same time
 * @param perMinute attempts in a minute, evenly spaced; 0 for no bound
 */
public record ChatPolicy(
        int attempts,
        Duration firstWait,
        Duration longestWait,
        Duration connect,
        Duration idle,
        Duration whole,
        int atOnce,
        int perMinute) {

    public ChatPolicy {
        if (attempts < 1 || atOnce < 1 || perMinute < 0) {
            throw new IllegalArgumentException(
                    "attempts " + attempts + ", at once " + atOnce + ", a minute " + perMinute);
        }
    }
}
