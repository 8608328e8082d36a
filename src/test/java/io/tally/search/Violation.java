package io.tally.search;

/** Something that must hold does not. */
class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A partition is refused. */
    static final class Refusal extends Violation {
        private static final long serialVersionUID = 1L;

        Refusal(int partition, String why) {
            super("partition " + partition + " is refused: " + why);
        }
    }

    Violation(String what) {
        super(what);
    }
}
