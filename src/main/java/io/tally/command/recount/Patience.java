package io.tally.command.recount;

/** How long somebody waits for the answer. */
public interface Patience {
    /** Waits as long as it takes. */
    Patience ENDLESS = () -> {};

    /** The patience is over. */
    final class OverException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public OverException() {
            super("There was no time to read on");
        }
    }

    /**
     * Asks whether to go on. May be called for each record.
     *
     * @throws OverException if not
     */
    void check();
}
