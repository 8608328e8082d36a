package io.tally.kafka.lane;

import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.restore.LogOffsets;
import io.tally.kafka.restore.RestoreWorker;
import io.tally.kafka.topic.AdminSource;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.plan.KafkaPipeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AfterRollbackProcessor;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AssignmentCommitOption;
import org.springframework.kafka.listener.ContainerProperties.EOSMode;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Puts a {@link Lane} into a Spring Kafka container: one consumer thread, one transaction manager, one batch listener.
 * The container polls, begins and commits; everything that decides correctness is the lane's.
 */
public final class LaneContainer {
    private static final Logger log = LoggerFactory.getLogger(LaneContainer.class);
    private static final Duration RETRY_AUTHORIZATION = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(25);
    /** As many are in the processor's cache; and not too few, whatever the lanes poll. */
    private static final int RESTORE_POLL_RECORDS = 2_000;
    /** The client's own default. */
    private static final int DEFAULT_POLL_RECORDS = 500;
    /** A fetch at the end of one partition would hold up the first fetch of the next for that long. */
    private static final int RESTORE_FETCH_WAIT_MILLIS = 10;

    private final Lane lane;
    private final KafkaMessageListenerContainer<ByteBuffer, ByteBuffer> container;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private final String name;
    private boolean started;
    private boolean ended;

    public LaneContainer(
            KafkaPipeline pipeline,
            PipelineSpec spec,
            int number,
            TopicLayout layout,
            ClientSettings settings,
            AdminSource admin,
            ClientListeners listeners,
            PipelineEvents events) {
        String clientId = "tally-" + pipeline.name() + "-" + number;
        name = clientId;
        LaneHealth health = new LaneHealth();
        BatchLimits limits = limits(pipeline, settings, spec.checkpoint().tick());
        lane = new Lane(pipeline, number, layout, new ListenerProbe(settings.consumer()), health, events);
        LaneTransactions transactions = new LaneTransactions(
                settings.producer(), pipeline.transactionalId(number), clientId, listeners, admin, lane::offsets, lane);
        RestoreWorker worker = new RestoreWorker(
                pipeline,
                spec,
                layout,
                number,
                admin,
                () -> listeners.restoreConsumers().apply(restoreConsumer(pipeline, settings, clientId)),
                transactions,
                events,
                health);
        container = new KafkaMessageListenerContainer<>(
                consumers(pipeline, number, limits, settings, clientId, listeners),
                properties(pipeline, transactions, limits.tick()));
        container.setBeanName(name);
        // The lane finds out by itself, at the next poll, and rebuilds; seeking here would be wrong after a commit
        // whose
        // outcome is unknown.
        container.setAfterRollbackProcessor(new LeaveItToTheLane());
        lane.connect(transactions, worker, new LogOffsets(admin), limits, () -> container.stop(() -> {}), this::closed);
    }

    private static BatchLimits limits(KafkaPipeline pipeline, ClientSettings settings, Duration tick) {
        Object configured =
                settings.consumer().getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, DEFAULT_POLL_RECORDS);
        int transaction = pipeline.transactions().records();
        return new BatchLimits(
                Math.min(Integer.parseInt(configured.toString()), transaction),
                transaction,
                // What a combine stage sends leaves when the batch ends.
                pipeline.stage() == StageKind.COMBINE
                        ? Duration.ZERO
                        : pipeline.transactions().commitInterval(),
                tick);
    }

    private DefaultKafkaConsumerFactory<ByteBuffer, ByteBuffer> consumers(
            KafkaPipeline pipeline,
            int number,
            BatchLimits limits,
            ClientSettings settings,
            String clientId,
            ClientListeners listeners) {
        Map<String, Object> configuration = new HashMap<>(settings.consumer());
        configuration.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, limits.poll());
        configuration.put(ConsumerConfig.GROUP_ID_CONFIG, pipeline.groupId());
        configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        // Static membership is for the classic protocol: under the new one a restarted member waits for its old self.
        if (!"consumer".equalsIgnoreCase(String.valueOf(configuration.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            configuration.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, pipeline.groupInstanceId(number));
        }
        DefaultKafkaConsumerFactory<ByteBuffer, ByteBuffer> factory = new DefaultKafkaConsumerFactory<>(configuration);
        listeners.consumerPostProcessors().forEach(factory::addPostProcessor);
        factory.addPostProcessor(lane::guard);
        listeners.consumers().forEach(factory::addListener);
        return factory;
    }

    /** Knows the group to read its offsets, but never joins it. */
    private static Consumer<ByteBuffer, ByteBuffer> restoreConsumer(
            KafkaPipeline pipeline, ClientSettings settings, String clientId) {
        Map<String, Object> configuration = new HashMap<>(settings.consumer());
        configuration.put(ConsumerConfig.GROUP_ID_CONFIG, pipeline.groupId());
        configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId + "-restore");
        configuration.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RESTORE_POLL_RECORDS);
        configuration.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, RESTORE_FETCH_WAIT_MILLIS);
        configuration.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        return new KafkaConsumer<>(configuration);
    }

    private ContainerProperties properties(KafkaPipeline pipeline, LaneTransactions transactions, Duration tick) {
        ContainerProperties properties =
                new ContainerProperties(pipeline.topics().source());
        properties.setGroupId(pipeline.groupId());
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setEosMode(EOSMode.V2);
        properties.setKafkaAwareTransactionManager(transactions.manager());
        properties.setMessageListener(new Listener());
        properties.setConsumerRebalanceListener(lane);
        properties.setAssignmentCommitOption(AssignmentCommitOption.NEVER);
        properties.setPollTimeout(tick.toMillis());
        properties.setAuthExceptionRetryInterval(RETRY_AUTHORIZATION);
        properties.setShutdownTimeout(STOP.toMillis());
        properties.setListenerTaskExecutor(new TaskExecutorAdapter(this::execute));
        properties.setScheduler(scheduler);
        properties.setMicrometerEnabled(false);
        properties.setObservationEnabled(false);
        return properties;
    }

    /**
     * A thread for the container's consumer. Whatever it ends by, and the container has many ways, nothing stays open.
     */
    private void execute(Runnable consumer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        consumer.run();
                    } finally {
                        lane.closeIfOpen();
                    }
                },
                name);
        thread.setDaemon(false);
        thread.start();
    }

    private void closed() {
        scheduler.shutdown();
        stopped.countDown();
    }

    /** Starts, unless it was told to stop meanwhile. If it throws nothing is left open. */
    public synchronized void start() {
        if (ended) {
            return;
        }
        try {
            scheduler.setThreadNamePrefix(name + "-monitor-");
            scheduler.initialize();
            container.start();
            started = true;
        } finally {
            if (!started) {
                ended = true;
                lane.closeIfOpen();
            }
        }
    }

    /** Begins to stop. When it has stopped the lane says itself: the container calls back at once if asked twice. */
    public synchronized void stop() {
        if (started) {
            try {
                container.stop(() -> {});
            } catch (RuntimeException | Error e) {
                // It was told, and only could not be woken up; and there are others to be stopped.
                log.warn("{} may take until its next poll to stop: {}", lane, Causes.describe(e));
            }
        } else if (!ended) {
            ended = true;
            lane.closeIfOpen();
        }
    }

    public boolean hasStopped() {
        return stopped.getCount() == 0;
    }

    public void awaitStopped() {
        try {
            if (!stopped.await(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "{} did not stop within {} s; what it had not committed is done again", lane, STOP.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    public LaneStatus status() {
        return lane.status();
    }

    private final class Listener implements BatchAcknowledgingConsumerAwareMessageListener<ByteBuffer, ByteBuffer> {
        @Override
        public boolean wantsPollResult() {
            return true;
        }

        @Override
        public void onMessage(
                ConsumerRecords<ByteBuffer, ByteBuffer> records,
                @Nullable Acknowledgment acknowledgment,
                Consumer<ByteBuffer, ByteBuffer> consumer) {
            lane.process(records);
        }

        @Override
        public void onMessage(
                List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
                @Nullable Acknowledgment acknowledgment,
                @Nullable Consumer<?, ?> consumer) {
            throw new IllegalStateException("the container hands over whole polls");
        }
    }

    private static final class LeaveItToTheLane implements AfterRollbackProcessor<ByteBuffer, ByteBuffer> {
        @Override
        public void process(
                List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
                Consumer<ByteBuffer, ByteBuffer> consumer,
                @Nullable MessageListenerContainer container,
                Exception exception,
                boolean recoverable,
                EOSMode eosMode) {
            log.debug("Left to the lane", exception);
        }
    }
}
