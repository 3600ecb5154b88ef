package dev.whyrank.cluster;

import java.util.List;

/**
 * News of a task, in order.
 *
 * @param entry the task's entry in its lane
 */
record Report(String task, Lane lane, String entry, Run run, List<TaskEvent> events) {}
