package io.tally.kafka.client;

import io.tally.pipeline.RefusedException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.core.NestedExceptionUtils;

/** Failures in words. */
public final class Causes {
    private Causes() {}

    /**
     * The innermost cause in one line: the outer ones only say that a transaction failed. It goes to logs, too, so it
     * quotes no key.
     */
    public static String describe(Throwable cause) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
        String message = root instanceof RefusedException refused
                ? refused.refusal().withoutData().toString()
                : root.getMessage();
        return root.getClass().getSimpleName() + ": " + message;
    }

    /**
     * Whether it says no more than that no answer came in time. A client may also tell which of its requests it has
     * given up for that, with a number that is another one each time.
     */
    public static boolean isSilence(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        return root instanceof TimeoutException || root instanceof DisconnectException;
    }
}
