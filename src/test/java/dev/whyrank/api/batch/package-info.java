@org.jspecify.annotations.NullMarked
package dev.whyrank.api.batch;
