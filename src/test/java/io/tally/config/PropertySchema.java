package io.tally.config;

import io.tally.config.PropertyReference.Property;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON schema of what may stand under {@code tally} in an application.yml. Editors complete names and values from it,
 * and mark unknown names. Each value may also be a placeholder, so numbers may be texts.
 */
final class PropertySchema {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PropertySchema() {}

    static String of(List<Property> properties) {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "application.yml of Tally");
        root.put("type", "object");
        ObjectNode tally = group(root.putObject("properties").putObject("tally"));
        properties.forEach(property -> add(tally, property));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private static void add(ObjectNode tally, Property property) {
        ObjectNode at = tally;
        String[] path = property.name().substring("tally.".length()).split("\\.");
        for (int i = 0; i < path.length; i++) {
            boolean last = i == path.length - 1;
            String name = path[i].replace("[*]", "");
            if (name.equals("*")) {
                at = at.path("additionalProperties").isObject()
                        ? (ObjectNode) at.get("additionalProperties")
                        : group(at.putObject("additionalProperties"));
                continue;
            }
            ObjectNode members = (ObjectNode) at.get("properties");
            ObjectNode member = members.has(name) ? (ObjectNode) members.get(name) : members.putObject(name);
            if (last) {
                leaf(member, property);
            } else if (path[i].endsWith("[*]")) {
                member.put("type", "array");
                at = member.has("items") ? (ObjectNode) member.get("items") : group(member.putObject("items"));
            } else {
                at = member.has("properties") ? member : group(member);
            }
        }
    }

    private static ObjectNode group(ObjectNode node) {
        node.put("type", "object");
        node.putObject("properties");
        node.put("additionalProperties", false);
        return node;
    }

    private static void leaf(ObjectNode node, Property property) {
        node.put("description", property.description());
        if (property.isMap()) {
            node.put("type", "object");
            scalar(node.putObject("additionalProperties"), property);
        } else if (property.isList()) {
            ArrayNode forms = node.putArray("anyOf");
            ObjectNode list = forms.addObject().put("type", "array");
            scalar(list.putObject("items"), property);
            // Commas separate the elements of a text.
            forms.addObject().put("type", "string");
        } else {
            scalar(node, property);
        }
        if (property.set() != null) {
            node.put("default", property.set());
        }
    }

    private static void scalar(ObjectNode node, Property property) {
        List<String> values = property.values();
        if (!values.isEmpty()) {
            ArrayNode forms = node.putArray("anyOf");
            ArrayNode choice = forms.addObject().putArray("enum");
            values.forEach(choice::add);
            forms.addObject().put("type", "string").put("pattern", "\\$\\{");
            return;
        }
        ArrayNode types = node.putArray("type");
        switch (property.element()) {
            case "java.lang.Boolean" -> types.add("boolean");
            case "java.lang.Integer", "java.lang.Long" -> types.add("integer");
            case "java.lang.Double", "java.math.BigDecimal" -> types.add("number");
            case "java.lang.String" -> types.add("number").add("boolean");
            default -> {}
        }
        types.add("string");
    }
}
