package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression over byte ranges whose cost per record is bounded. The JDK's engine backtracks, so an
 * innocent-looking expression can take exponential time on a hostile line. Here it sees the bytes through a view that
 * counts the looks, and it gives up after {@value #MAX_STEPS} of them. A count gives the same verdict in every run; a
 * time limit would not.
 *
 * <p>Each byte is a character (ISO-8859-1), so offsets of characters are offsets of bytes and nothing is decoded.
 */
public final class BoundedRegex {
    /** How many bytes of a text are looked at, unless another limit is set. */
    public static final int MAX_INPUT = 8192;
    /** The largest limit that can be set: {@link #MAX_STEPS} allow for a few looks at each byte. */
    public static final int MOST_INPUT = 65_536;

    static final int MAX_STEPS = 250_000;
    /**
     * How many lines go straight to the deep stack after a stack overflow. An overflow costs ten times the match, and
     * after a deep line the next one of that length is probably deep, too. If they did not need the deep stack, that
     * took no longer than one overflow.
     */
    private static final int LIKELY_DEEP = 64;

    private static final byte[] EMPTY = new byte[0];
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    private final String regex;
    private final int maxInput;
    private final View view = new View();
    private final Matcher matcher;
    /** How many of the next lines with at least {@link #deepLength} bytes go straight to the deep stack. */
    private int straight;

    private int deepLength;

    public BoundedRegex(String regex) {
        this(regex, MAX_INPUT);
    }

    /** @param maxInput how many bytes of a text are looked at; a match that depends on what follows is refused */
    public BoundedRegex(String regex, int maxInput) {
        this.regex = regex;
        this.maxInput = maxInput;
        this.matcher = compile(regex).matcher(view);
    }

    /** Whether the expression matches at the start of the range. */
    public boolean lookingAt(byte[] bytes, int start, int length) {
        return run(bytes, start, length, false);
    }

    /** Whether the expression matches the whole range. */
    public boolean matches(byte[] bytes, int start, int length) {
        return run(bytes, start, length, true);
    }

    /** Where the group starts within the range, -1 if it took no part in the last match. */
    public int start(String group) {
        return matcher.start(group);
    }

    public int end(String group) {
        return matcher.end(group);
    }

    private boolean run(byte[] bytes, int start, int all, boolean whole) {
        if (all <= maxInput) {
            return runWithin(bytes, start, all, whole);
        }
        boolean found = !whole && runWithin(bytes, start, maxInput, false);
        if (whole || matcher.hitEnd()) {
            throw new RejectedException(
                    Reason.MALFORMED,
                    "text of " + all + " bytes, of which a regular expression would have to look at more than "
                            + maxInput + (whole ? "" : "; " + Setting.SOURCE_MAX_MATCH_BYTES + " can be raised"));
        }
        return found;
    }

    private boolean runWithin(byte[] bytes, int start, int length, boolean whole) {
        if (straight > 0 && length >= deepLength) {
            straight--;
            return onDeepStack(() -> match(bytes, start, length, whole));
        }
        try {
            return match(bytes, start, length, whole);
        } catch (StackOverflowError e) {
            straight = LIKELY_DEEP;
            deepLength = length;
            return onDeepStack(() -> match(bytes, start, length, whole));
        }
    }

    private boolean match(byte[] bytes, int start, int length, boolean whole) {
        view.show(bytes, start, length);
        matcher.reset();
        try {
            return whole ? matcher.matches() : matcher.lookingAt();
        } finally {
            view.show(EMPTY, 0, 0);
        }
    }

    /**
     * A repeated group recurses once per repetition, so an ordinary stack overflows at some depth. That depth depends
     * on what is compiled just in time. The deep stack holds any match of {@link #MAX_STEPS}, so the verdict never
     * depends on a stack.
     */
    private boolean onDeepStack(BooleanSupplier match) {
        try {
            return DeepStack.call(match);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RejectedException rejected) {
                throw rejected;
            }
            throw new IllegalStateException("the regular expression " + regex + " failed", e.getCause());
        }
    }

    private String excerpt() {
        return Excerpt.quote(view.bytes, view.start, view.length);
    }

    /**
     * Checks an expression.
     *
     * @param user what uses the expression, for the message
     * @throws IllegalArgumentException if it is no regular expression, or not written in ASCII
     */
    public static void check(String regex, String user) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(regex)) {
            throw new IllegalArgumentException(user + " has a character that is not ASCII: " + Excerpt.quote(regex)
                    + "; expressions see UTF-8 byte by byte, so describe such text by exclusion, for example [^ ]+");
        }
        try {
            compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    user + " is not a regular expression: " + e.getDescription() + " near index " + e.getIndex()
                            + " of " + regex,
                    e);
        }
    }

    /** The names of the groups in the order in which they open; checks the expression first. */
    public static Set<String> groupNames(String regex, String user) {
        check(regex, user);
        // Before JDK 20 only a successful match tells which groups exist, so an empty alternative makes the match
        // always succeed. The line feed ends a comment that the expression may end with. Names that only look like
        // groups, since they are quoted, are sorted out.
        Matcher match;
        try {
            match = compile("(?:" + regex + "\n)?").matcher("");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    user + " leaves a quotation or comment open; end \\Q with \\E: " + regex, e);
        }
        match.lookingAt();
        Set<String> names = new LinkedHashSet<>();
        for (Matcher group = GROUP.matcher(regex); group.find(); ) {
            if (exists(match, group.group(1))) {
                names.add(group.group(1));
            }
        }
        return names;
    }

    private static boolean exists(Matcher match, String group) {
        try {
            match.start(group);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** UNIX_LINES: otherwise the byte 0x85, half of some UTF-8 character, would be a line end. */
    private static Pattern compile(String regex) {
        return Pattern.compile(regex, Pattern.UNIX_LINES);
    }

    /** The range as characters; counts the looks. */
    private final class View implements CharSequence {
        private byte[] bytes = EMPTY;
        private int start;
        private int length;
        private int steps;

        void show(byte[] bytes, int start, int length) {
            this.bytes = bytes;
            this.start = start;
            this.length = length;
            this.steps = 0;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new RejectedException(
                        Reason.MALFORMED,
                        "text on which the regular expression backtracks too much; simplify " + Excerpt.quote(regex)
                                + " where repetitions overlap: " + excerpt());
            }
            return (char) (bytes[start + index] & 0xFF);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new String(bytes, start + from, to - from, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return subSequence(0, length).toString();
        }
    }
}
