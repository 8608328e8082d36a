package io.tally.kafka.lane;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener container's consumer with a lane in front of it: each poll and the close go through the lane, on the
 * consumer thread. Every way out of a failed transaction passes this one place, even those that the container only
 * logs. So here the lane puts its memory right before any further record is delivered.
 *
 * <p>Offsets are committed in transactions only. The container by itself would also commit offsets that are left over
 * from a failed transaction. That is ignored.
 */
final class GuardedConsumer implements InvocationHandler {
    /** What the lane does in place of the consumer's own methods. */
    interface Guard {
        ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout);

        void close(Consumer<ByteBuffer, ByteBuffer> consumer);
    }

    private static final Logger log = LoggerFactory.getLogger(GuardedConsumer.class);
    private static final Set<String> COMMITS = Set.of("commitSync", "commitAsync");

    private final Consumer<ByteBuffer, ByteBuffer> delegate;
    private final Guard guard;

    private GuardedConsumer(Consumer<ByteBuffer, ByteBuffer> delegate, Guard guard) {
        this.delegate = delegate;
        this.guard = guard;
    }

    @SuppressWarnings("unchecked") // a proxy of Consumer is one of any type arguments
    static Consumer<ByteBuffer, ByteBuffer> wrap(Consumer<ByteBuffer, ByteBuffer> delegate, Guard guard) {
        return (Consumer<ByteBuffer, ByteBuffer>) Proxy.newProxyInstance(
                GuardedConsumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                new GuardedConsumer(delegate, guard));
    }

    /** The consumer behind one that {@link #wrap} made, to poll it without the guard. */
    static Consumer<ByteBuffer, ByteBuffer> unwrap(Consumer<ByteBuffer, ByteBuffer> guarded) {
        return ((GuardedConsumer) Proxy.getInvocationHandler(guarded)).delegate;
    }

    @Override
    @SuppressWarnings("NullAway") // reflection gives and takes null as the interface says
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("poll") && arguments != null && arguments[0] instanceof Duration timeout) {
            return guard.poll(delegate, timeout);
        }
        if (method.getName().equals("close")) {
            guard.close(delegate);
            return null;
        }
        if (COMMITS.contains(method.getName())) {
            log.debug("Ignored: {} of {}", method.getName(), arguments);
            return null;
        }
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
