package io.tally.heap;

/** A pipeline's open windows take as much of the heap as they may, so another key or window cannot be counted. */
public final class HeapLimitExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HeapLimitExceededException(String message) {
        super(message);
    }
}
