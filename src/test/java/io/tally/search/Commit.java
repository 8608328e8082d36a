package io.tally.search;

/** An offset as the broker keeps it. */
record Commit(long offset, String metadata) {}
