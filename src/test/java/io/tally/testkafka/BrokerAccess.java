package io.tally.testkafka;

import io.tally.command.frame.PipelineAccess;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.log.KafkaClusterReader;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.kafka.log.KafkaLogWriter;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterReader;
import java.util.function.UnaryOperator;

/** The way of a command to a test's broker. */
public record BrokerAccess(TestBed bed) implements PipelineAccess {
    @Override
    public ClientSettings clients(PipelineDefinition pipeline) {
        return bed.settings();
    }

    @Override
    public boolean startsAtEnd(PipelineDefinition pipeline) {
        return false;
    }

    @Override
    public LogReader log(PipelineDefinition pipeline) {
        return new KafkaLogReader(bed.settings(), "command");
    }

    @Override
    public LogWriter writer(PipelineDefinition pipeline, String transactionalId) {
        return new KafkaLogWriter(bed.settings(), transactionalId, "command", UnaryOperator.identity());
    }

    @Override
    public ClusterReader cluster(PipelineDefinition pipeline) {
        return new KafkaClusterReader(bed.settings(), "command");
    }
}
