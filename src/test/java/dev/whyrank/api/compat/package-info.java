/** Claims about other services' shapes. */
@org.jspecify.annotations.NullMarked
package dev.whyrank.api.compat;
