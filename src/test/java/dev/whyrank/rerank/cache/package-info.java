@org.jspecify.annotations.NullMarked
package dev.whyrank.rerank.cache;
