package io.tally.kafka.lane;

import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.GroupProtocol;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.Delivery;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.Pause;
import io.tally.kafka.restore.LogOffsets;
import io.tally.kafka.restore.RestoreWorker;
import io.tally.kafka.restore.Restores;
import io.tally.kafka.topic.AdminSource;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.kafka.transaction.Outboxes;
import io.tally.kafka.transaction.RowLimit;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.WatermarkOrder;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.plan.KafkaPipeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.support.TaskExecutorAdapter;
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

    private final Lane lane;
    private final BatchTransactions batches;
    private final Mailbox mailbox;
    private final LaneOperations operations;
    private final KafkaMessageListenerContainer<ByteBuffer, ByteBuffer> container;
    private final LaneStop laneStop = new LaneStop(STOP, System::nanoTime);
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private final int number;
    private final int sourcePartitions;
    private final String name;
    private boolean started;
    private boolean ended;
    private volatile boolean saidThatItHangs;

    /**
     * Makes it, and starts nothing.
     *
     * @param pause whether an operator has paused the pipeline; looked at before each poll
     * @param access to the source and to the group, also of the lanes that had this number before
     */
    public LaneContainer(
            KafkaPipeline pipeline,
            PipelineSpec spec,
            int number,
            TopicLayout layout,
            Pause pause,
            AccessPatience access,
            ClientSettings settings,
            AdminSource admin,
            ClientListeners listeners,
            PipelineEvents events) {
        this.number = number;
        sourcePartitions = layout.sourcePartitions();
        LaneId id = new LaneId(pipeline, number);
        LaneClients clients = new LaneClients(id, settings, listeners);
        name = clients.clientId();
        mailbox = new Mailbox();
        BatchLimits limits =
                BatchLimits.of(pipeline, settings.consumer(), spec.checkpoint().tick());
        LaneHealth health = new LaneHealth();
        LaneEnd end = new LaneEnd(id, health, this::stopContainer);
        LanePartitions partitions = new LanePartitions(pipeline, events);
        Delivery delivery = new Delivery(partitions, pause);
        Doubt doubt = new Doubt();
        RowLimit rows = new RowLimit(
                pipeline.transactions().rows(), () -> partitions.all().size());
        Traces traces = new Traces(id, events);
        LaneOutcome outcome = new LaneOutcome(id, partitions, doubt, rows, health, events, traces);
        LaneTransactions transactions = new LaneTransactions(
                settings.producer(), id.transactionalId(), name, listeners, admin, outcome::offsets, outcome);
        Outboxes outboxes = new Outboxes(pipeline, layout, transactions, rows, events.takesSamples());
        RestoreWorker worker = new RestoreWorker(
                pipeline, spec, layout, number, admin, clients::restoreConsumer, transactions, events, health);
        Restores restores = new Restores(worker, partitions, outboxes, health);
        Recovery recovery = new Recovery(
                id, partitions, restores, transactions, outboxes, rows, outcome, doubt, health, end, events, traces);
        OwnTransactions own =
                new OwnTransactions(id, transactions, partitions, pause, doubt, new LogOffsets(admin), limits.tick());
        operations = new LaneOperations(id, partitions, delivery, own, restores);
        ListenerProbe probe = new ListenerProbe(settings.consumer(), settings.protocolProperty());
        batches = new BatchTransactions(id, partitions, delivery, own, doubt, outcome, limits, probe, traces);
        Membership membership = new Membership(partitions, restores, batches, own, end);
        lane = new Lane(
                id,
                health,
                end,
                partitions,
                delivery,
                doubt,
                restores,
                recovery,
                membership,
                own,
                batches,
                transactions,
                mailbox,
                new GroupPoll(id, probe, GroupProtocol.of(settings.consumer()), access, health, end),
                new CaughtUpLook(partitions, admin),
                this::closed);
        container = new KafkaMessageListenerContainer<>(
                clients.consumers(limits.poll(), lane::guard),
                properties(pipeline, membership, transactions, limits.tick()));
        container.setBeanName(name);
        // The lane finds out by itself, at the next poll, and rebuilds; seeking here would be wrong after a commit
        // whose outcome is unknown.
        container.setAfterRollbackProcessor(new LeaveItToTheLane());
    }

    private void stopContainer() {
        container.stop(() -> {});
    }

    private ContainerProperties properties(
            KafkaPipeline pipeline, Membership membership, LaneTransactions transactions, Duration tick) {
        ContainerProperties properties =
                new ContainerProperties(pipeline.topics().source());
        properties.setGroupId(pipeline.groupId());
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setEosMode(EOSMode.V2);
        properties.setKafkaAwareTransactionManager(transactions.manager());
        properties.setMessageListener(new Listener());
        properties.setConsumerRebalanceListener(membership);
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
     * Runs the container's consumer on a thread. However that ends, and the container has many ways, nothing stays
     * open.
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
        laneStop.stopped();
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

    /**
     * Begins to stop. The lane itself says when it has stopped, since the container calls back at once if it is asked
     * twice.
     */
    public synchronized void stop() {
        laneStop.tell();
        if (started) {
            try {
                container.stop(() -> {});
            } catch (RuntimeException | Error e) {
                // The container was told to stop, and only could not be woken up. Others are still to be stopped.
                log.warn("{} may take until its next poll to stop: {}", lane, Causes.describe(e));
            }
        } else if (!ended) {
            ended = true;
            lane.closeIfOpen();
        }
    }

    /** Whether it does nothing until it is replaced, since its consumer will never be in the group again. */
    public boolean isOutOfGroup() {
        return lane.isOutOfGroup();
    }

    public boolean hasStopped() {
        return laneStop.hasStopped();
    }

    /** Waits until it has stopped, or has had its time since it was told to. */
    public void awaitStopped() {
        try {
            if (!laneStop.await() && !saidThatItHangs) {
                saidThatItHangs = true;
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

    /** How many partitions the topic has that the lane reads. */
    public int sourcePartitions() {
        return sourcePartitions;
    }

    /** Asks the lane to hold its partitions or to let them go on, as the pause says. From any thread. */
    public LaneRequest<LaneReport> hold() {
        return mailbox.post(operations::hold, this::unanswered);
    }

    /** Asks the lane to write all that its state topic lacks. From any thread. */
    public LaneRequest<LaneReport> checkpoint() {
        return mailbox.post(operations::checkpoint, this::unanswered);
    }

    /** Asks the lane to set watermarks back. From any thread. */
    public LaneRequest<LaneReport> setBack(WatermarkOrder order) {
        return mailbox.post(consumer -> operations.setBack(consumer, order), this::unanswered);
    }

    private LaneReport unanswered(Outcome outcome, String text) {
        return new LaneReport(number, outcome, text, List.of());
    }

    /** Asks the lane for the rows of a key. From any thread. */
    public LaneRequest<LaneKey> key(byte[] key) {
        return mailbox.post(
                consumer -> operations.key(key), (outcome, text) -> LaneKey.unanswered(number, outcome, text));
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
            batches.handle(records, GuardedConsumer.unwrap(consumer));
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
