package io.tally.codec.time;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The letters of a date-time pattern in their order, each run of them once. They show mistakes that
 * {@link java.time.format.DateTimeFormatter} lets pass, and what was probably meant by a pattern that it refuses.
 */
final class PatternLetters {
    private static final Pattern LITERAL = Pattern.compile("'([^']*)'");
    /** {@code mm} beside a part of the date, and {@code MM} behind the hours. */
    private static final Pattern SWAPPED = Pattern.compile("(?=.*(m[yud]|[yud]m)).*[HhKk]M.*");

    private static final Pattern ISO = Pattern.compile("(iso|rfc).*");

    private final String pattern;
    private final String letters;

    PatternLetters(String pattern) {
        this.pattern = pattern;
        letters = LITERAL.matcher(pattern)
                .replaceAll("")
                .replaceAll("[^A-Za-z]", "")
                .replaceAll("(.)\\1+", "$1");
    }

    /** Whether it reads minutes as months and months as minutes, and so the wrong times. */
    boolean swapsMonthsAndMinutes() {
        return SWAPPED.matcher(letters).matches();
    }

    /** Whether it has the day of the year for that of the month, so that only times in January fit. */
    boolean hasDayOfYearInAMonth() {
        return has("D") && has("[ML]") && !has("d");
    }

    /** Whether a {@code Z}, which means UTC, is a character like others, so that texts are local times. */
    boolean passesOverUtc() {
        return LITERAL.matcher(pattern)
                        .results()
                        .anyMatch(literal -> literal.group(1).endsWith("Z"))
                && !has("[XxZOVvz]");
    }

    /** What was probably meant, to be put behind a refusal; empty if that is not known. */
    String hint() {
        if (ISO.matcher(pattern.toLowerCase(Locale.ROOT)).matches()) {
            return "; iso reads times of RFC 3339 and ISO 8601";
        }
        if (pattern.contains("%")) {
            return "; patterns are those of Java, yyyy-MM-dd HH:mm:ss";
        }
        if (has("Y") && !has("[yu]")) {
            return "; YYYY is the year of weeks, the year is yyyy";
        }
        if (has("m") && !has("[MLDQqw]")) {
            return "; mm are minutes, months are MM";
        }
        if (has("[hK]") && !has("[aB]")) {
            return "; hh needs AM or PM (a), hours of the day are HH";
        }
        return "";
    }

    private boolean has(String one) {
        return Pattern.compile(one).matcher(letters).find();
    }
}
