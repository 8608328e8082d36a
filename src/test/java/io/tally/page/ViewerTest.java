package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;

/** Against a connection that has room when the test says so. */
class ViewerTest {
    private static final byte[] WHOLE = "whole ".getBytes();
    private static final byte[] CHANGE = "change ".getBytes();

    private final Pipe pipe = new Pipe();
    private final Viewer viewer = new Viewer(new MockAsyncContext(new MockHttpServletRequest(), null), pipe);

    @BeforeEach
    void open() throws IOException {
        viewer.onWritePossible();
        pipe.sent.setLength(0);
    }

    @Test
    void getsTheWholeOnceAndThenWhatIsNew() {
        offer(3);
        assertThat(pipe.sent.toString()).isEqualTo("whole change change ");
    }

    @Test
    void getsTheWholeAgainWhenItHasMissedSomething() {
        offer(2);
        pipe.hasRoom = false;
        offer(5);
        pipe.hasRoom = true;
        offer(2);

        assertThat(pipe.sent.toString()).isEqualTo("whole change whole change ");
    }

    @Test
    void isGivenUpWhenItTakesNothingForLong() {
        pipe.hasRoom = false;
        for (int i = 1; i < Viewer.PATIENCE; i++) {
            assertThat(viewer.offer(() -> WHOLE, CHANGE)).isTrue();
        }
        assertThat(viewer.offer(() -> WHOLE, CHANGE)).isFalse();
    }

    @Test
    void isGivenUpWhenItHasGone() {
        pipe.isBroken = true;
        assertThat(viewer.offer(() -> WHOLE, CHANGE)).isFalse();
    }

    private void offer(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(viewer.offer(() -> WHOLE, CHANGE)).isTrue();
        }
    }

    private static final class Pipe extends ServletOutputStream {
        final StringBuilder sent = new StringBuilder();
        boolean hasRoom = true;
        boolean isBroken;

        @Override
        public boolean isReady() {
            return hasRoom;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int one) throws IOException {
            if (isBroken) {
                throw new IOException("broken pipe");
            }
            // As the container does.
            if (!hasRoom) {
                throw new IllegalStateException("not ready");
            }
            sent.append((char) one);
        }
    }
}
