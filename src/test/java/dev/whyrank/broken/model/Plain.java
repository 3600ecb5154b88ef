package dev.whyrank.broken.model;

/** Breaks nothing. */
public record Plain(int value) {}
