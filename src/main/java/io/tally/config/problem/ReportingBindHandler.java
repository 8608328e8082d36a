package io.tally.config.problem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Binds one tree of records, and does not stop at the first problem: a value that cannot be converted is noted and
 * counts as not set. It also refuses a duration without unit, which Spring Boot silently reads as milliseconds, a text
 * or number that YAML has read as something else ({@link Misreading}), and a name that has lost characters
 * ({@link ChangedNames}). Maps get an order that lasts ({@link MapOrder}). At the end the bound object itself is
 * checked, and all problems are thrown at once.
 */
final class ReportingBindHandler<T extends Record> extends AbstractBindHandler {
    private static final Pattern NUMBER_ONLY = Pattern.compile("\\s*[+-]?\\d*[1-9]\\d*\\s*");

    private static final Pattern LONGER =
            Pattern.compile("(?i)\\s*\\d+\\s*(w|wk|weeks?|mo|mon|months?|q|quarters?|y|yr|years?)\\s*");

    private final KnownProperties known;
    private final Class<T> root;
    private final BiConsumer<T, Problems> check;
    private final PlaceholdersResolver placeholders;
    private final Problems problems = new Problems();
    private final Set<ConfigurationPropertyName> failed = new HashSet<>();
    /**
     * Whether this handler does its work. Boot asks for a handler before it says for what, so the outermost target
     * decides.
     */
    private boolean active;

    ReportingBindHandler(
            BindHandler parent,
            KnownProperties known,
            Class<T> root,
            BiConsumer<T, Problems> check,
            PlaceholdersResolver placeholders) {
        super(parent);
        this.known = known;
        this.root = root;
        this.check = check;
        this.placeholders = placeholders;
    }

    @Override
    public <B> @Nullable Bindable<B> onStart(ConfigurationPropertyName name, Bindable<B> target, BindContext context) {
        if (context.getDepth() == 0) {
            active = target.getType().resolve() == root;
        }
        return super.onStart(name, target, context);
    }

    @Override
    public @Nullable Object onSuccess(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        ConfigurationProperty property = context.getConfigurationProperty();
        if (active && result instanceof Duration && property != null) {
            String text = String.valueOf(placeholders.resolvePlaceholders(property.getValue()));
            if (NUMBER_ONLY.matcher(text).matches()) {
                problem(
                        name,
                        property,
                        "has no unit; a duration needs one of ms, s, m, h, d" + reading(property),
                        text.trim() + "s");
            }
        }
        if (active && property != null && (result instanceof String || result instanceof Number)) {
            Misreading misreading = Misreading.of(property);
            if (misreading != null && !(result instanceof Number && misreading.isSameNumber())) {
                problems.add(
                        misreading,
                        property.getOrigin() == null
                                ? null
                                : property.getOrigin().toString());
            }
        }
        Object inOrder =
                active && result instanceof Map<?, ?> map ? MapOrder.of(name, map, context.getSources()) : result;
        return super.onSuccess(name, target, context, inOrder);
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) throws Exception {
        if (!active) {
            return super.onFailure(name, target, context, error);
        }
        if (context.getDepth() == 0) {
            throw error;
        }
        failed.add(name);
        if (error instanceof UnboundConfigurationPropertiesException unbound) {
            // A list with a gap in its indices, or with unknown elements.
            unbound.getUnboundProperties().forEach(this::unknown);
            return null;
        }
        ConfigurationProperty property = context.getConfigurationProperty();
        if (property == null || !isEmpty(property)) {
            ExpectedForm expected = ExpectedForm.of(target.getBoxedType().resolve(Object.class));
            problem(
                    name,
                    property,
                    expected.reason() + longer(target, property) + reading(property),
                    expected.example());
        }
        return null;
    }

    @Override
    public void onFinish(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
            throws Exception {
        if (!active || context.getDepth() > 0) {
            super.onFinish(name, target, context, result);
            return;
        }
        try {
            super.onFinish(name, target, context, result);
        } catch (UnboundConfigurationPropertiesException e) {
            e.getUnboundProperties().forEach(this::unknown);
        }
        ChangedNames.find(context.getSources(), known, problems);
        check.accept(root.cast(result), problems);
        problems.throwIfAny(new PropertyOrigins(context.getSources())::find);
    }

    /** What to say of a duration in weeks or longer units, which only windows can have; empty for anything else. */
    private String longer(Bindable<?> target, @Nullable ConfigurationProperty property) {
        boolean isLonger = target.getBoxedType().resolve(Object.class) == Duration.class
                && property != null
                && LONGER.matcher(String.valueOf(placeholders.resolvePlaceholders(property.getValue())))
                        .matches();
        return isLonger
                ? "; 7d is a week, and for windows that are weeks, months, quarters or years of the calendar there are"
                        + " window.type calendar and window.unit"
                : "";
    }

    /** What YAML has made of a value; empty if that is what was written. */
    private static String reading(@Nullable ConfigurationProperty property) {
        Misreading misreading = property == null ? null : Misreading.of(property);
        return misreading == null ? "" : "; " + misreading.reading();
    }

    private void unknown(ConfigurationProperty property) {
        ConfigurationPropertyName name = property.getName();
        List<String> path = path(name);
        if (failed.contains(name) || (isEmpty(property) && known.isKnown(path))) {
            return;
        }
        Set<String> children = known.children(path);
        if (!children.isEmpty()) {
            ExpectedForm group = ExpectedForm.of(root);
            problem(name, property, group.reason() + "; it has " + String.join(", ", children), null);
            return;
        }
        if (known.isValue(path.subList(0, path.size() - 1))) {
            problem(
                    name.getParent(),
                    null,
                    "is a text, and without quotes YAML reads { } as a group; put the text in quotes",
                    null);
            return;
        }
        problem(name, property, "is not a property of Tally; " + suggestion(path), null);
    }

    private String suggestion(List<String> unknown) {
        String dotted = known.dottedName(unknown);
        if (dotted != null) {
            return "a name with dots needs brackets and quotes: '[" + dotted + "]'";
        }
        boolean element = unknown.get(unknown.size() - 1).startsWith("[");
        List<String> path = element ? unknown.subList(0, unknown.size() - 1) : unknown;
        return known.nearest(path).map(name -> "did you mean " + name + "?").orElseGet(() -> {
            Set<String> siblings = known.children(path.subList(0, path.size() - 1));
            return siblings.isEmpty() ? "nor is its group" : "known there are " + String.join(", ", siblings);
        });
    }

    private void problem(
            ConfigurationPropertyName name,
            @Nullable ConfigurationProperty property,
            String reason,
            @Nullable String example) {
        problems.add(new ConfigurationProblem(
                name.toString(),
                property == null ? null : String.valueOf(placeholders.resolvePlaceholders(property.getValue())),
                property == null || property.getOrigin() == null
                        ? null
                        : property.getOrigin().toString(),
                reason,
                example));
    }

    /** Whether this is a key without a value, such as {@code late:} in YAML. That is the same as no key. */
    private static boolean isEmpty(ConfigurationProperty property) {
        return property.getValue() instanceof CharSequence text && text.isEmpty();
    }

    private static List<String> path(ConfigurationPropertyName name) {
        List<String> path = new ArrayList<>();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, Form.ORIGINAL);
            path.add(name.isNumericIndex(i) ? "[" + element + "]" : element);
        }
        return path;
    }
}
