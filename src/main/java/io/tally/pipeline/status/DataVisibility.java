package io.tally.pipeline.status;

/** Whether keys and values are shown to whoever reaches the page. */
public enum DataVisibility {
    /** They are hidden, and so are texts that quote them. */
    HIDE,
    /** They are shown. */
    SHOW
}
