package io.tally.codec.json;

import io.tally.codec.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON Pointers (RFC 6901) as a trie: a node is a place in the document, its children the members or elements on the
 * way to the needed fields. A reader walks it beside the document.
 */
final class PointerNode {
    private final Map<String, PointerNode> members = new HashMap<>();
    /** The members whose name may also be an array index. */
    private final Map<Integer, PointerNode> elements = new HashMap<>();

    private final List<Integer> slots = new ArrayList<>();
    private long visited;

    /** Adds a field; several fields may share a pointer. */
    void add(List<String> tokens, int slot) {
        PointerNode node = this;
        for (String token : tokens) {
            PointerNode parent = node;
            node = parent.members.computeIfAbsent(token, t -> new PointerNode());
            if (token.matches("0|[1-9][0-9]{0,8}")) {
                parent.elements.put(Integer.valueOf(token), node);
            }
        }
        node.slots.add(slot);
    }

    @Nullable
    PointerNode member(String name) {
        return members.get(name);
    }

    @Nullable
    PointerNode element(int index) {
        return elements.get(index);
    }

    boolean hasMembers() {
        return !members.isEmpty();
    }

    boolean hasElements() {
        return !elements.isEmpty();
    }

    /** Whether this place is reached for the first time in the document with the given number. */
    boolean visit(long document) {
        boolean first = visited != document;
        visited = document;
        return first;
    }

    void set(Fields fields, int start, int length) {
        for (int i = 0; i < slots.size(); i++) {
            fields.set(slots.get(i), start, length);
        }
    }

    void setStructure(Fields fields) {
        for (int i = 0; i < slots.size(); i++) {
            fields.structure(slots.get(i));
        }
    }

    /**
     * The reference tokens of a pointer, unescaped; none for the whole document.
     *
     * @throws IllegalArgumentException if the text is not a JSON Pointer
     */
    static List<String> tokens(String field, String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            throw notPointer(field, pointer, "it must start with /");
        }
        if (pointer.matches("(?s).*~(?![01]).*")) {
            throw notPointer(field, pointer, "in it ~ is written ~0 and / within a name ~1");
        }
        List<String> tokens = new ArrayList<>();
        for (int start = 1; start <= pointer.length(); ) {
            int slash = pointer.indexOf('/', start);
            int end = slash < 0 ? pointer.length() : slash;
            tokens.add(pointer.substring(start, end).replace("~1", "/").replace("~0", "~"));
            start = end + 1;
        }
        return tokens;
    }

    private static IllegalArgumentException notPointer(String field, String pointer, String reason) {
        return new IllegalArgumentException("fields." + field + " is not a JSON Pointer (RFC 6901): '" + pointer + "', "
                + reason + "; for example /client/ip");
    }
}
