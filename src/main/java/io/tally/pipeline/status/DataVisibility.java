package io.tally.pipeline.status;

/** Whether keys and values may be seen by whoever may look. */
public enum DataVisibility {
    /** They are hidden, and so are texts that quote them. */
    HIDE,
    /** They are shown. */
    SHOW
}
