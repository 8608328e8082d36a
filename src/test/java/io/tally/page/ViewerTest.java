package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;

/** Against a connection that has room when the test says so. */
class ViewerTest {
    private static final byte[] WHOLE = "whole ".getBytes();
    private static final byte[] CHANGE = "change ".getBytes();

    private final Pipe pipe = new Pipe();
    private final MockAsyncContext connection = new MockAsyncContext(new MockHttpServletRequest(), null);
    private final List<Viewer> ended = new ArrayList<>();
    private final Viewer viewer = new Viewer(connection, pipe, ended::add);
    private int completions;

    @BeforeEach
    void open() throws IOException {
        connection.addListener(viewer);
        connection.addListener(new Completions());
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

    /** The container ends what is lost, so that nobody else need. */
    @Test
    void isEndedOnceByWhoeverSaysSoFirst() {
        viewer.onError(new AsyncEvent(connection));
        viewer.onError(new IOException("broken pipe"));
        viewer.end();

        assertThat(completions).isEqualTo(1);
        assertThat(ended).containsExactly(viewer);
    }

    /** The container may have given the same objects to another connection by then. */
    @Test
    void touchesNothingOfAConnectionThatHasEnded() throws IOException {
        viewer.onComplete(new AsyncEvent(connection));

        assertThat(viewer.offer(() -> WHOLE, CHANGE)).isFalse();
        viewer.onWritePossible();
        viewer.end();

        assertThat(pipe.sent.toString()).isEmpty();
        assertThat(completions).isZero();
    }

    private final class Completions implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            completions++;
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
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
