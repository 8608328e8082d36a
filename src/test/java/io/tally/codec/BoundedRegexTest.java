package io.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.codec.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedRegexTest {
    @ParameterizedTest
    @ValueSource(strings = {"a*a*a*a*a*a*b", "(a+)+\\1x", "(a|a)*\\1b", "(.*)a(.*)a(.*)a(.*)a(.*)a(.*)a(.*)x"})
    void givesUpOnCatastrophicBacktracking(String regex) {
        BoundedRegex bounded = new BoundedRegex(regex);
        byte[] hostile = ("a".repeat(60) + "!").getBytes(StandardCharsets.US_ASCII);
        RejectedException first = rejection(bounded, hostile);
        assertThat(first.rejection().reason()).isEqualTo(Reason.MALFORMED);
        assertThat(first).hasMessageContaining("backtracks too much");
        // The verdict depends on the text alone, and the matcher works as a new one.
        assertThat(rejection(bounded, hostile).rejection()).isEqualTo(first.rejection());
        bounded.matches("a".getBytes(StandardCharsets.US_ASCII), 0, 1);
    }

    private static RejectedException rejection(BoundedRegex regex, byte[] text) {
        try {
            regex.matches(text, 0, text.length);
        } catch (RejectedException e) {
            return e;
        }
        throw new AssertionError("no rejection");
    }

    @Test
    void refusesLongText() {
        byte[] text = new byte[BoundedRegex.MAX_INPUT + 1];
        BoundedRegex any = new BoundedRegex("(?s).*");
        assertThat(any.matches(text, 1, BoundedRegex.MAX_INPUT)).isTrue();
        assertThatThrownBy(() -> any.matches(text, 0, text.length))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("8193 bytes");
    }

    /** Whether a stack is deep enough depends on what is compiled by then; the verdict must not. */
    @ParameterizedTest
    @ValueSource(strings = {"(?:a|b)*c", "((?:(?:(a)|b)|x)|y)+c", "(?:(?:a?b?)+)+c", "(?<k>(?:[^c]|\\\\.)*)c"})
    void hasOneVerdictOnAnyStack(String regex) throws InterruptedException {
        BoundedRegex recursive = new BoundedRegex(regex);
        byte[] match = ("ab".repeat(BoundedRegex.MAX_INPUT / 2 - 1) + "c").getBytes(StandardCharsets.US_ASCII);
        AtomicReference<Object> found = new AtomicReference<>();
        Runnable work = () -> found.set(recursive.matches(match, 0, match.length));
        onSmallStack(work);
        assertThat(found).hasValue(true);
    }

    /** Making a thread with such a deep stack takes longer than matching a line, so all decoders share it. */
    @Test
    void makesNoNewThreadForTheNextDeepLine() throws InterruptedException {
        byte[] deep = ("ab".repeat(BoundedRegex.MAX_INPUT / 2 - 1) + "c").getBytes(StandardCharsets.US_ASCII);
        Runnable line = () -> new BoundedRegex("(?:a|b)*c").matches(deep, 0, deep.length);
        onSmallStack(line);
        Set<Thread> made = deepThreads();
        for (int i = 0; i < 5; i++) {
            onSmallStack(line);
            assertThat(deepThreads()).isNotEmpty().isSubsetOf(made).allMatch(Thread::isDaemon);
        }
    }

    private static Set<Thread> deepThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tally-deep-match"))
                .collect(Collectors.toSet());
    }

    private static void onSmallStack(Runnable work) throws InterruptedException {
        Thread small = new Thread(null, work, "small stack", 1 << 17);
        small.start();
        small.join();
    }

    /** Lines as long as a deep one are matched on another stack. The verdict must not show that. */
    @Test
    void deepLinesChangeNothingForThoseAfterThem() throws InterruptedException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String deep = "ab".repeat(random.nextInt(BoundedRegex.MAX_INPUT / 2 - 1));
            lines.add(
                    switch (random.nextInt(4)) {
                        case 0 -> "q" + deep + "c";
                        case 1 -> "q" + deep + "!";
                        case 2 -> "x" + deep;
                        default -> "q" + "ab".repeat(random.nextInt(9)) + "c";
                    });
        }
        List<String> found = new ArrayList<>();
        BoundedRegex regex = new BoundedRegex("q(?<k>(?:a|b)*)c|x.*");
        onSmallStack(() -> lines.forEach(line -> {
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            found.add(regex.matches(bytes, 0, bytes.length) ? regex.start("k") + "-" + regex.end("k") : "none");
        }));
        assertThat(found)
                .isEqualTo(lines.stream()
                        .map(line -> line.startsWith("x")
                                ? "-1--1"
                                : line.endsWith("c") ? "1-" + (line.length() - 1) : "none")
                        .toList());
    }

    @Test
    void rejectsOnTheDeepStackAsOnAnyOther() {
        BoundedRegex recursive = new BoundedRegex("(?:(?:a|b|ab)+)+c");
        byte[] hostile = "ab".repeat(4000).getBytes(StandardCharsets.US_ASCII);
        assertThat(rejection(recursive, hostile)).hasMessageContaining("backtracks too much");
    }

    @ParameterizedTest
    @CsvSource({
        "(?<a>x)(?<b>y), '[a, b]'",
        "(?<b>(?<a>x)), '[b, a]'",
        "x, '[]'",
        "\\Q(?<a>\\E(?<b>x), '[b]'",
        "\\(\\?<a>(?<b>x), '[b]'",
        "(?x)(?<a>x) # (?<c>, '[a]'",
        "(?<=x)(?<!y)(?<a1Z>z), '[a1Z]'"
    })
    void knowsTheNamesOfGroups(String regex, String names) {
        assertThat(BoundedRegex.groupNames(regex, "pattern").toString()).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({
        "(?<a>x, 'pattern is not a regular expression: Unclosed group near index'",
        "(?<a>x)(?<a>y), 'pattern is not a regular expression: Named capturing group'",
        "(?<a>ü), 'pattern has a character that is not ASCII'",
        "(?<a>x)\\Qy, 'pattern leaves a quotation or comment open'"
    })
    void refusesWhatIsNoUsableExpression(String regex, String message) {
        assertThatThrownBy(() -> BoundedRegex.groupNames(regex, "pattern"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
