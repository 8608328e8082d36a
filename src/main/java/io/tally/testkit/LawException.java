package io.tally.testkit;

/** Carries a violated law to where the seed is known. */
@SuppressWarnings("serial") // never leaves the package
final class LawException extends RuntimeException {
    private static final int LONGEST = 500;

    LawException(String message, Throwable cause) {
        super(message, cause);
    }

    LawException(String message) {
        super(message);
    }

    static void unless(String law, String expected, String found) {
        if (!expected.equals(found)) {
            throw new LawException(
                    "it does not hold that " + law + "\n  expected " + cut(expected) + "\n  but found " + cut(found));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
