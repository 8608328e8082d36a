package io.tally.command.frame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * The arguments of a command behind its name: its own options, {@code --name=value} or {@code --name value}, and
 * properties of the application, which have a dot in their names.
 */
public final class Arguments {
    /** The options that every command has. */
    public static final List<CommandOption> COMMON = List.of(
            new CommandOption("pipeline", "NAME", "the pipeline; not needed where only one is enabled"),
            CommandOption.flag("json", "the result as one JSON object, for programs"),
            CommandOption.flag("help", "this text"));

    private final Map<String, String> values;
    private final List<String> properties;

    private Arguments(Map<String, String> values, List<String> properties) {
        this.values = values;
        this.properties = List.copyOf(properties);
    }

    /**
     * Reads the arguments of a command.
     *
     * @throws UsageException if there is one that it does not know, or a value is missing
     */
    public static Arguments parse(List<CommandOption> options, List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        List<String> properties = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("-h")) {
                values.put("help", "");
                continue;
            }
            if (!argument.startsWith("--")) {
                throw new UsageException("'" + argument + "' is no option. An option begins with two hyphens;"
                        + " a property stands with its value, --NAME=VALUE");
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            CommandOption option = Stream.concat(options.stream(), COMMON.stream())
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (option == null) {
                if (name.indexOf('.') < 0) {
                    throw new UsageException("There is no option --" + name
                            + ". Properties of the application have a dot in their names; --help lists the options");
                }
                properties.add(argument);
            } else if (option.value() == null) {
                if (equals >= 0) {
                    throw new UsageException("The option --" + name + " has no value");
                }
                values.put(name, "");
            } else if (equals >= 0) {
                values.put(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                values.put(name, arguments.get(++i));
            } else {
                throw new UsageException("The option --" + name + " needs a value: " + option.usage());
            }
        }
        return new Arguments(values, properties);
    }

    /** What goes to the application: its properties, as they were given. */
    public List<String> properties() {
        return properties;
    }

    /** Whether an option is there. */
    public boolean has(String option) {
        return values.containsKey(option);
    }

    /** The value of an option, null if it is not there. */
    public @Nullable String text(String option) {
        return values.get(option);
    }

    /**
     * A whole number.
     *
     * @throws UsageException if it is none, or less than {@code least}
     */
    public long number(String option, long otherwise, long least) {
        String text = values.get(option);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.replace("_", ""));
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--" + option + " is '" + text + "', which is no whole number");
        }
        throw new UsageException("--" + option + " is " + text + ", but must be at least " + least);
    }

    /**
     * A share.
     *
     * @throws UsageException if it is none, from 0 to 1
     */
    public double share(String option, double otherwise) {
        String text = values.get(option);
        if (text == null) {
            return otherwise;
        }
        try {
            double share = Double.parseDouble(text);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--" + option + " is '" + text + "', which is no number; for example 0.001");
        }
        throw new UsageException("--" + option + " is " + text + ", but must be from 0 to 1; for example 0.001");
    }

    /**
     * Durations with their units, separated by commas; empty if the option is not there.
     *
     * @throws UsageException if one is none, or negative
     */
    public List<Duration> durations(String option) {
        String text = values.get(option);
        List<Duration> durations = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split(",", -1)) {
            durations.add(duration(option, part.trim()));
        }
        return durations;
    }

    /**
     * A duration as properties take it: with its unit, since a number alone would be milliseconds.
     *
     * @throws IllegalArgumentException or ArithmeticException if it is none
     */
    static Duration duration(String text) {
        Duration duration = DurationStyle.detectAndParse(text);
        if (Character.isDigit(text.charAt(text.length() - 1)) || duration.toNanosPart() % 1_000_000 != 0) {
            throw new IllegalArgumentException("'" + text + "' has no unit, or is no whole number of milliseconds");
        }
        return duration;
    }

    private static Duration duration(String option, String text) {
        try {
            Duration duration = duration(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException("--" + option + " has '" + text
                    + "', which is no duration: a number with a unit (ms, s, m, h, d); for example 5s, 1m, 2h");
        }
        throw new UsageException("--" + option + " has '" + text + "', which is less than nothing");
    }
}
