package io.tally.pipeline.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer about a row.
 *
 * @param text why there is no answer; null if there is one
 * @param answer names with texts, numbers, lists and maps of such, as the command prints it; empty if there is none
 */
public record RowExplanation(Outcome outcome, @Nullable String text, Map<String, Object> answer) {}
