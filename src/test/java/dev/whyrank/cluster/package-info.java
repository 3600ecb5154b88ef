@org.jspecify.annotations.NullMarked
package dev.whyrank.cluster;
