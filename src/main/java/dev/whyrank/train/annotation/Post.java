package dev.whyrank.train.annotation;

/**
 * A post of a dump.
 *
 * @param parent the question that it answers, or 0
 * @param accepted a question's accepted answer, or 0
 * @param body HTML
 */
record Post(int id, boolean isQuestion, int parent, int accepted, String title, String body) {}
