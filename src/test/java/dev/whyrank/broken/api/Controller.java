package dev.whyrank.broken.api;

/** Breaks nothing. */
public class Controller {}
