package io.tally.pipeline.control;

/** What became of a request. */
public enum Outcome {
    /** It is done, and committed. */
    DONE,
    /** It was not done, since that would be wrong; the text says why, and what to do. */
    REFUSED,
    /** It was not done, and will not be: the lane did not get to it in time. It may be asked again. */
    BUSY,
    /** It has begun, and was not done in time. The state of the pipeline shows what became of it. */
    RUNNING,
    /** It has failed; the lane rebuilds its memory from what is committed, as after any failed transaction. */
    FAILED
}
