package io.tally.observe;

import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Says on the info page which pipelines this instance runs, between which topics. */
final class PipelinesInfoContributor implements InfoContributor {
    private final Pipelines pipelines;

    PipelinesInfoContributor(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (PipelineStatus pipeline : pipelines.statuses()) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("source", pipeline.sourceTopic());
            details.put("sink", pipeline.sinkTopic());
            details.put("group", pipeline.groupId());
            all.put(pipeline.name(), details);
        }
        builder.withDetail("pipelines", all);
    }
}
