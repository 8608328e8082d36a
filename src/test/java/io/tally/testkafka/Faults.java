package io.tally.testkafka;

import io.tally.kafka.client.ClientListeners;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Faults of one instance. Spring Kafka's post-processors put this in front of the real clients of its lanes, so that a
 * test can do something else, or something more, when a method is called. Behind it are the real client and the real
 * broker.
 */
public final class Faults {
    /** What happens in place of a call. */
    public interface Fault {
        @Nullable
        Object on(Call call) throws Throwable;
    }

    /** A call that was held up. */
    public interface Call {
        /** Calls the real client. */
        @Nullable
        Object proceed() throws Throwable;

        /** Client and method, as in {@code producer.send}. */
        String name();

        /** With what it was called, as text. */
        String arguments();

        /** Calls the real client's send, and has this run before its callback, on the same thread. */
        @Nullable
        Object proceedBeforeCallback(Callback before) throws Throwable;

        /** What it sends. */
        ProducerRecord<?, ?> record();
    }

    /** What a client of a dead process may be asked, since the broker does not hear of it. */
    private static final Set<String> WITHOUT_BROKER =
            Set.of("wakeup", "registerMetricForSubscription", "unregisterMetricFromSubscription");

    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<Producer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private final List<Consumer<?, ?>> consumers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Fault every;
    private volatile boolean killed;

    public ClientListeners listeners() {
        return new ClientListeners(
                List.of(),
                List.of(),
                List.of(this::consumer),
                List.of(this::producer),
                real -> inFrontOf(Consumer.class, "restore.", real),
                real -> inFrontOf(Admin.class, "admin.", real));
    }

    /** From now on calls of a producer's method meet this fault. */
    public void onProducer(String method, Fault fault) {
        faults.put("producer." + method, fault);
    }

    /** The next calls of a producer's method meet this fault; gives their number so far. */
    public AtomicInteger nextProducerCalls(int calls, String method, Fault fault) {
        AtomicInteger met = new AtomicInteger();
        onProducer(method, call -> {
            if (met.get() < calls) {
                met.incrementAndGet();
                return fault.on(call);
            }
            return call.proceed();
        });
        return met;
    }

    public void onConsumer(String method, Fault fault) {
        faults.put("consumer." + method, fault);
    }

    /** The consumers that restore partitions. */
    public void onRestore(String method, Fault fault) {
        faults.put("restore." + method, fault);
    }

    /** From now on every call that no other fault is for meets this one. */
    public void onEveryCall(Fault fault) {
        every = fault;
    }

    /** The real producer that was made last. */
    public Producer<byte[], byte[]> newestProducer() {
        return producers.get(producers.size() - 1);
    }

    public void heal() {
        faults.clear();
        every = null;
    }

    /**
     * The process dies: from now on none of its clients says anything more to the broker. No transaction is aborted, no
     * group is left.
     */
    public void kill() {
        killed = true;
        producers.forEach(producer -> producer.close(Duration.ZERO));
        consumers.forEach(Consumer::wakeup);
    }

    @SuppressWarnings("unchecked") // a proxy of Producer is one of any type arguments
    public Producer<byte[], byte[]> producer(Producer<byte[], byte[]> real) {
        producers.add(real);
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Faults.class.getClassLoader(),
                new Class<?>[] {Producer.class},
                handler("producer.", real, () -> real.close(Duration.ZERO)));
    }

    @SuppressWarnings("unchecked") // a proxy of Consumer is one of any type arguments
    public <K, V> Consumer<K, V> consumer(Consumer<K, V> real) {
        consumers.add(real);
        Runnable die = () -> real.close(CloseOptions.timeout(Duration.ZERO)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        return (Consumer<K, V>) Proxy.newProxyInstance(
                Faults.class.getClassLoader(), new Class<?>[] {Consumer.class}, handler("consumer.", real, die));
    }

    /** Wraps a client that a dead process need not close, since it holds nothing. */
    private <C extends AutoCloseable> C inFrontOf(Class<? super C> type, String prefix, C real) {
        Runnable die = () -> {};
        @SuppressWarnings("unchecked") // a proxy of an interface is one of any type arguments
        C proxy = (C) Proxy.newProxyInstance(
                Faults.class.getClassLoader(), new Class<?>[] {type}, handler(prefix, real, die));
        return proxy;
    }

    /** @param die once: closing a consumer calls listeners, whose calls of the consumer end here again */
    private InvocationHandler handler(String prefix, Object real, Runnable die) {
        AtomicBoolean dead = new AtomicBoolean();
        return (proxy, method, arguments) -> {
            Fault fault = faults.getOrDefault(prefix + method.getName(), every);
            try {
                if (!killed) {
                    Object result = fault == null
                            ? call(real, method, arguments)
                            : fault.on(new RealCall(prefix + method.getName(), real, method, arguments));
                    if (!killed) {
                        return result;
                    }
                }
            } catch (Throwable e) {
                if (!killed) {
                    throw e;
                }
            }
            if (WITHOUT_BROKER.contains(method.getName())) {
                return null;
            }
            if (!dead.getAndSet(true)) {
                die.run();
            }
            if (method.getReturnType() == void.class && method.getName().startsWith("close")) {
                return null;
            }
            if (method.getName().equals("metrics")) {
                return Map.of();
            }
            throw new KafkaException("this process is dead");
        };
    }

    private record RealCall(
            String name,
            Object real,
            Method method,
            @Nullable Object @Nullable [] given) implements Call {
        @Override
        public @Nullable Object proceed() throws Throwable {
            return call(real, method, given);
        }

        @Override
        public String arguments() {
            return Arrays.toString(given);
        }

        @Override
        public @Nullable Object proceedBeforeCallback(Callback before) throws Throwable {
            Callback told = (Callback) given[1];
            Callback both = (metadata, exception) -> {
                before.onCompletion(metadata, exception);
                told.onCompletion(metadata, exception);
            };
            return call(real, method, new Object[] {given[0], both});
        }

        @Override
        public ProducerRecord<?, ?> record() {
            return (ProducerRecord<?, ?>) given[0];
        }
    }

    private static @Nullable Object call(Object real, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
