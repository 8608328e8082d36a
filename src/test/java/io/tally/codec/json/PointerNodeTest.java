package io.tally.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointerNodeTest {
    /** The examples of RFC 6901, section 5, and some more. */
    @Test
    void readsPointers() {
        assertThat(PointerNode.tokens("f", "")).isEmpty();
        assertThat(PointerNode.tokens("f", "/foo")).containsExactly("foo");
        assertThat(PointerNode.tokens("f", "/foo/0")).containsExactly("foo", "0");
        assertThat(PointerNode.tokens("f", "/")).containsExactly("");
        assertThat(PointerNode.tokens("f", "//")).containsExactly("", "");
        assertThat(PointerNode.tokens("f", "/a~1b")).containsExactly("a/b");
        assertThat(PointerNode.tokens("f", "/m~0n")).containsExactly("m~n");
        assertThat(PointerNode.tokens("f", "/~01")).containsExactly("~1");
        assertThat(PointerNode.tokens("f", "/c%d/e^f/g|h/i\\j/k\"l/ ")).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "$.foo", "#/foo", "/a~", "/a~2b", "/~\n"})
    void refusesOtherTexts(String pointer) {
        assertThatThrownBy(() -> PointerNode.tokens("ip", pointer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("fields.ip is not a JSON Pointer (RFC 6901): '" + pointer + "'")
                .hasMessageEndingWith("for example /client/ip");
    }

    @Test
    void anIndexHasNoLeadingZero() {
        PointerNode root = new PointerNode();
        root.add(List.of("01"), 0);
        root.add(List.of("2"), 1);
        root.add(List.of("-"), 2);
        assertThat(root.element(1)).isNull();
        assertThat(root.element(2)).isSameAs(root.member("2"));
    }
}
