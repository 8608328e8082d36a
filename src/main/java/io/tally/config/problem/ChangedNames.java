package io.tally.config.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Names that are not what was written: Spring Boot leaves out of a property's name all but letters, digits, hyphens and
 * underscores, unless it stands in brackets. So a field {@code @timestamp} would be {@code timestamp}, and rows would
 * have {@code visitsday} for {@code visits/day}, without a word.
 */
final class ChangedNames {
    private static final String PREFIX = "tally.";
    /** An element of a name, in brackets or not; the dot before it is no part of it. */
    private static final Pattern ELEMENT = Pattern.compile("\\[[^\\]]*\\]|[^.\\[]+");

    private static final Pattern LOST = Pattern.compile("[^A-Za-z0-9_-]");

    private ChangedNames() {}

    static void find(Iterable<ConfigurationPropertySource> sources, KnownProperties known, Problems problems) {
        for (ConfigurationPropertySource source : sources) {
            // Variables cannot have other characters.
            if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> names
                    && !(names instanceof SystemEnvironmentPropertySource)) {
                Arrays.stream(names.getPropertyNames())
                        .filter(name -> name.startsWith(PREFIX))
                        .forEach(name -> check(name, names, known, problems));
            }
        }
    }

    private static void check(
            String name, EnumerablePropertySource<?> source, KnownProperties known, Problems problems) {
        List<String> before = new ArrayList<>();
        Matcher elements = ELEMENT.matcher(name);
        while (elements.find()) {
            String element = elements.group();
            if (!element.startsWith("[") && LOST.matcher(element).find()) {
                boolean any = known.takesAnyName(before)
                        && !before.get(before.size() - 1).matches("pipelines|aggregates");
                Origin origin = OriginLookup.getOrigin(source, name);
                problems.add(new ConfigurationProblem(
                        name.substring(0, elements.end()),
                        null,
                        origin == null ? null : origin.toString(),
                        reason(element, any),
                        any ? "'[" + element + "]'" : null));
                return;
            }
            before.add(element);
        }
    }

    private static String reason(String element, boolean any) {
        Set<String> lost = new LinkedHashSet<>();
        LOST.matcher(element)
                .results()
                .forEach(character -> lost.add(character.group().replace(" ", "the blank")));
        return "is read as '" + LOST.matcher(element).replaceAll("") + "': Spring Boot takes "
                + String.join(" and ", lost) + " out of a name; "
                + (any
                        ? "put the name in brackets and quotes"
                        : "use letters from a to z, digits, hyphens and underscores");
    }
}
