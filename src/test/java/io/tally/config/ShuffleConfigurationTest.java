package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.client.InstanceId;
import io.tally.config.client.PipelineClients;
import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import io.tally.plan.Topics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** When there is a shuffle, and what its two stages are called. */
@ExtendWith(OutputCaptureExtension.class)
class ShuffleConfigurationTest {
    private static final String IP_COUNT = "--tally.pipelines.ip-count.";

    @Test
    void goesDirectlyWhereTheRecordKeyIsTheGroupKey() {
        KafkaPipeline pipeline = only(stages());
        assertThat(pipeline.spec().stage()).isEqualTo(StageKind.DIRECT);
        assertThat(pipeline.topology()).isEqualTo("without a shuffle, since the group key is the record key");
    }

    @Test
    void shufflesWhereItMayNotBe() {
        List<KafkaPipeline> stages = stages(IP_COUNT + "key.verify=false");
        assertThat(stages)
                .extracting(stage -> stage.spec().stage())
                .containsExactly(StageKind.COMBINE, StageKind.MERGE);
        assertThat(stages.get(0).topology())
                .isEqualTo("with a shuffle, since the group key is of the fields [ip] and not verified to be the record"
                        + " key");
        assertThat(only(stages(IP_COUNT + "key.verify=false", IP_COUNT + "shuffle=never"))
                        .spec()
                        .stage())
                .isEqualTo(StageKind.DIRECT);
    }

    @Test
    void namesTheStagesAfterThePipeline() {
        List<KafkaPipeline> stages = stages(IP_COUNT + "shuffle=always", IP_COUNT + "lanes=2");
        KafkaPipeline combine = stages.get(0);
        KafkaPipeline merge = stages.get(1);
        String shuffle = "tally-ip-count-ip_count_source-shuffle";
        assertThat(combine.groupId()).isEqualTo("tally-ip-count");
        assertThat(combine.topics())
                .isEqualTo(new Topics(
                        "ip_count_source",
                        shuffle,
                        "ip_count_source-ip-count-late",
                        "ip_count_source-ip-count-dlt",
                        "tally-ip-count-ip_count_source-state"));
        assertThat(merge.groupId()).isEqualTo("tally-ip-count-merge");
        assertThat(merge.topics())
                .isEqualTo(new Topics(
                        shuffle,
                        "ip_count_sink",
                        "ip_count_source-ip-count-late",
                        "ip_count_source-ip-count-dlt",
                        "tally-ip-count-ip_count_source-state-merge"));
        assertThat(merge.lanes()).isEqualTo(2);
        assertThat(merge.shuffle())
                .isEqualTo(combine.shuffle())
                .isEqualTo(new ShuffleRoute(shuffle, null, "ip_count_source", "tally-ip-count"));
        assertThat(merge.spec().title()).isEqualTo("ip-count.merge");
    }

    @Test
    void placesStagesWhereTheyAreWanted() {
        KafkaPipeline merge = only(stages(
                IP_COUNT + "shuffle=always",
                IP_COUNT + "lanes=4",
                IP_COUNT + "shuffle-topic.name=visits",
                IP_COUNT + "shuffle-topic.partitions=3",
                IP_COUNT + "shuffle-topic.stages=merge"));
        assertThat(merge.spec().stage()).isEqualTo(StageKind.MERGE);
        assertThat(merge.topics().source()).isEqualTo("visits");
        assertThat(merge.lanes()).isEqualTo(3);
        assertThat(only(stages(
                                IP_COUNT + "shuffle=always",
                                IP_COUNT + "shuffle-topic.stages=combine",
                                IP_COUNT + "shuffle-topic.merge-lanes=2"))
                        .spec()
                        .stage())
                .isEqualTo(StageKind.COMBINE);
    }

    /** The shuffle topic belongs to the pipeline, so the merge never skips what is in it. */
    @Test
    void startsTheMergeAtTheBeginningWhateverTheSourceDoes() {
        List<KafkaPipeline> stages =
                stages(IP_COUNT + "shuffle=always", "--spring.kafka.consumer.auto-offset-reset=latest");
        assertThat(stages).extracting(KafkaPipeline::startAtEnd).containsExactly(true, false);
    }

    @Test
    void tellsWhatIsWrong(CapturedOutput output) {
        assertThat(Startup.packagedFailure(
                        output,
                        IP_COUNT + "shuffle=always",
                        IP_COUNT + "shuffle-topic.name=ip_count_sink",
                        IP_COUNT + "shuffle-topic.partitions=0",
                        IP_COUNT + "shuffle-topic.merge-lanes=0"))
                .contains("Property: tally.pipelines.ip-count.shuffle-topic.name\n    Value: \"ip_count_sink\"")
                .contains("Reason: is the pipeline's sink topic too")
                .contains("Property: tally.pipelines.ip-count.shuffle-topic.partitions\n    Value: \"0\"")
                .contains("Reason: must be 1 to 100000")
                .contains("Property: tally.pipelines.ip-count.shuffle-topic.merge-lanes\n    Value: \"0\"");
    }

    @Test
    void keepsTheShuffleToItsPipeline(CapturedOutput output) {
        String two = """
                tally:
                  pipelines:
                    clicks:
                      shuffle: always
                      source: {topic: clicks, columns: [user, url]}
                      window: {size: 1m}
                      sink: {topic: clicks-per-minute}
                    more:
                      group-id: tally-clicks-merge
                      source: {topic: tally-clicks-clicks-shuffle, columns: [user, url]}
                      window: {size: 1m}
                      sink: {topic: more-per-minute}
                """;
        assertThat(Startup.failure(output, two))
                .contains("Reason: is the consumer group of pipeline clicks too; each needs its own")
                .contains("Reason: is the state or shuffle topic of pipeline clicks, which nothing else may use");
    }

    private static List<KafkaPipeline> stages(String... arguments) {
        List<KafkaPipeline> stages = new ArrayList<>();
        Startup.packaged(
                context -> stages.addAll(context.getBean(PipelineDefinitions.class)
                        .iterator()
                        .next()
                        .on(
                                context.getBean(InstanceId.class).value(),
                                context.getBean(PipelineClients.class)
                                        .of("ip-count")
                                        .startAtEnd())),
                arguments);
        return stages;
    }

    private static KafkaPipeline only(List<KafkaPipeline> stages) {
        assertThat(stages).hasSize(1);
        return stages.get(0);
    }
}
