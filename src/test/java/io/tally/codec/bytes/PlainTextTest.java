package io.tally.codec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void leavesTextsOfAllScriptsAsTheyAre() {
        assertThat(shown("Zürich <b> \\ 東京 😀", 40)).isEqualTo("Zürich <b> \\ 東京 😀");
    }

    /** Among them what would turn the order of the text around, or hide it. */
    @Test
    void escapesWhatHasNoFormOfItsOwn() {
        assertThat(shown("a\nb\u0000c\u202ed\u200be\u2028", 40)).isEqualTo("a\\nb\\u0000c\\u202ed\\u200be\\u2028");
        assertThat(shown("\uDB40\uDC41", 40)).isEqualTo("\\u{e0041}");
    }

    @Test
    void replacesWhatIsNotUtf8() {
        assertThat(PlainText.of(new byte[] {'a', (byte) 0xff, 'b'}, 0, 3, 40)).isEqualTo("a\uFFFDb");
    }

    @Test
    void cutsByCharacters() {
        assertThat(shown("abcd", 4)).isEqualTo("abcd");
        assertThat(shown("abcde", 4)).isEqualTo("abcd…");
        assertThat(shown("😀".repeat(5), 4)).isEqualTo("😀😀😀😀…");
        assertThat(shown("x".repeat(1_000_000), 4)).isEqualTo("xxxx…");
        assertThat(shown("", 4)).isEmpty();
    }

    @Test
    void showsARangeAlone() {
        byte[] bytes = "key=value".getBytes(StandardCharsets.UTF_8);
        assertThat(PlainText.of(new ByteRange().show(bytes, 4, 9), 40)).isEqualTo("value");
    }

    private static String shown(String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return PlainText.of(bytes, 0, bytes.length, max);
    }
}
