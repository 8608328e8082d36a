package io.tally.observe;

import io.tally.pipeline.control.KeyReport;
import io.tally.pipeline.control.LaneReport;
import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.WatermarkOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what it is asked, and answers what a test wants. */
final class AskedPipeline implements PipelineControl {
    final List<String> calls = new ArrayList<>();
    List<LaneReport> answer = List.of(new LaneReport(0, Outcome.DONE, null, List.of()));

    KeyReport keyAnswer = new KeyReport(Outcome.DONE, null, List.of(), List.of());

    private List<LaneReport> asked(String call) {
        calls.add(call);
        return answer;
    }

    @Override
    public List<LaneReport> pause() {
        return asked("pause");
    }

    @Override
    public List<LaneReport> resume() {
        return asked("resume");
    }

    @Override
    public List<LaneReport> checkpoint() {
        return asked("checkpoint");
    }

    @Override
    public List<LaneReport> setBack(WatermarkOrder order) {
        return asked(order.toString());
    }

    @Override
    public KeyReport key(byte[] key) {
        calls.add("key " + new String(key, StandardCharsets.UTF_8));
        return keyAnswer;
    }
}
