package io.tally.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tally.engine.Expired;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The superblock's text, pinned. A change here is a new format version. */
class CommitMetadataTest {
    private static final CommitMetadata METADATA = new CommitMetadata(
            1_234,
            -5_000,
            1_200,
            null,
            34,
            new Ledger(1_100, 50, 40, 10),
            7,
            -2,
            new Fingerprint("0123456789abcdef", "fedcba9876543210"),
            "tally-ip-count:host-0:1");
    private static final String TEXT = "tally1 o=1234 w=-5000 r=1200 b=34 l=1100,50,40,10 s=7,fffffffffffffffe"
            + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=2c96c4ff";

    @Test
    void isWrittenAsEver() {
        assertThat(METADATA.format()).isEqualTo(TEXT);
    }

    @Test
    void isRead() {
        assertThat(CommitMetadata.parse(TEXT)).isEqualTo(METADATA);
        assertThat(CommitMetadata.isOurs(TEXT)).isTrue();
        assertThat(CommitMetadata.isOurs("somebody else's")).isFalse();
    }

    /** What a version from before reads without asking. */
    @Test
    void hasAnotherWatermarkInItsOldForm() {
        CommitMetadata whole = CommitMetadata.parse("tally1 o=1200 w=-5000 r=1200 b=34 l=1100,50,40,10"
                + " s=7,fffffffffffffffe k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=8f91691f");

        assertThat(whole.withWatermark(-7_000, null).format())
                .startsWith("tally1 o=1200 w=-7000 r=1200 b=34 l=1100,50,40,10 s=7,fffffffffffffffe");
        assertThat(whole.withWatermark(-7_000, -6_000L).format()).startsWith("tally3 o=1200 w=-7000 r=1200 m=-6000 ");
        assertThat(whole.withWatermark(-5_000, null)).isEqualTo(whole);
    }

    /** What is to be replayed was read under the old one. */
    @Test
    void hasNoOtherWatermarkWhileThereIsSomethingToReplay() {
        assertThatIllegalStateException().isThrownBy(() -> METADATA.withWatermark(-7_000, null));
    }

    @Test
    void tellsHowManyEventsAreNotTheFirstOfTheirRecord() {
        String text = "tally1 o=1234 w=-5000 r=1200 b=34 l=1100,50,40,10 e=900 s=7,fffffffffffffffe"
                + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=ed6c05d8";
        CommitMetadata split = new CommitMetadata(
                1_234,
                -5_000,
                1_200,
                null,
                34,
                new Ledger(1_100, 50, 40, 10, 0, 900),
                7,
                -2,
                METADATA.fingerprint(),
                METADATA.transactionalId());
        assertThat(split.format()).isEqualTo(text);
        assertThat(CommitMetadata.parse(text)).isEqualTo(split);
        assertThat(split.ledger().records()).isEqualTo(300);
    }

    @Test
    void knowsThatThereWasNoRecord() {
        CommitMetadata fresh = new CommitMetadata(
                0, Long.MIN_VALUE, 0, null, 0, Ledger.EMPTY, 0, 0, METADATA.fingerprint(), METADATA.transactionalId());
        assertThat(fresh.format()).contains(" w=- r=0 b=0 ");
        assertThat(CommitMetadata.parse(fresh.format())).isEqualTo(fresh);
    }

    @Test
    void hasAnotherVersionWhereARecoveryBeginsWithACut() {
        for (long watermark : new long[] {-6_000, METADATA.watermark(), Long.MIN_VALUE}) {
            CommitMetadata cut = cutAt(watermark);
            assertThat(CommitMetadata.parse(cut.format())).isEqualTo(cut);
        }
        assertThat(cutAt(-6_000).format()).startsWith("tally2 o=1234 w=-5000 r=1200 v=-6000 b=34 ");
        assertThat(cutAt(Long.MIN_VALUE).format()).contains(" v=- ");
    }

    /**
     * A version that does not know missing values takes records that have some for dead letters, and would not replay
     * them.
     */
    @Test
    void hasAnotherVersionWhereValuesWereMissing() {
        CommitMetadata missing = new CommitMetadata(
                METADATA.offset(),
                METADATA.watermark(),
                METADATA.recoveryOffset(),
                null,
                METADATA.birthOffset(),
                new Ledger(1_100, 50, 40, 10, 77),
                METADATA.storedEntries(),
                METADATA.storedDigest(),
                METADATA.fingerprint(),
                METADATA.transactionalId());
        assertThat(missing.format())
                .isEqualTo("tally6 o=1234 w=-5000 r=1200 b=34 l=1100,50,40,10 q=77 s=7,fffffffffffffffe"
                        + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=36014441");
        assertThat(CommitMetadata.parse(missing.format())).isEqualTo(missing);
    }

    @Test
    void hasAnotherVersionWhereDecodingGoesByTheOrder() {
        CommitMetadata ordered = with(0, null, -6_500L);
        assertThat(ordered.format())
                .isEqualTo("tally3 o=1234 w=-5000 r=1200 m=-6500 b=34 l=1100,50,40,10 s=7,fffffffffffffffe"
                        + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=f989d16d");
        CommitMetadata cut = with(0, -6_000L, Long.MIN_VALUE);
        assertThat(cut.format()).startsWith("tally3 o=1234 w=-5000 r=1200 v=-6000 m=- b=34 ");
        for (CommitMetadata metadata : List.of(ordered, cut)) {
            assertThat(CommitMetadata.parse(metadata.format())).isEqualTo(metadata);
        }
    }

    @Test
    void hasAnotherVersionWhereSomeRowsOfAWindowHaveLeft() {
        CommitMetadata begun = with(50_000, null, null);
        assertThat(begun.format())
                .isEqualTo("tally4 o=1234 w=-5000 r=1200 n=50000 b=34 l=1100,50,40,10 s=7,fffffffffffffffe"
                        + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=8b0aad09");
        CommitMetadata ordered = with(1, -6_000L, -6_500L);
        assertThat(ordered.format()).startsWith("tally4 o=1234 w=-5000 r=1200 n=1 v=-6000 m=-6500 b=34 ");
        for (CommitMetadata metadata : List.of(begun, ordered)) {
            assertThat(CommitMetadata.parse(metadata.format())).isEqualTo(metadata);
        }
    }

    @Test
    void hasAnotherVersionWhereTheSourceHasLostRecords() {
        CommitMetadata lost = METADATA.lost(1_210, "another");
        assertThat(lost.format())
                .isEqualTo("tally5 o=1234 x=1210 w=-5000 r=1200 b=34 l=1100,50,40,10 s=7,fffffffffffffffe"
                        + " k=0123456789abcdef p=fedcba9876543210 i=another c=ed5f8377");
        CommitMetadata withAll = with(1, -6_000L, -6_500L).lost(0, "another");
        assertThat(withAll.format()).startsWith("tally5 o=1234 x=0 w=-5000 r=1200 n=1 v=-6000 m=-6500 b=34 ");
        for (CommitMetadata metadata : List.of(lost, withAll)) {
            assertThat(CommitMetadata.parse(metadata.format())).isEqualTo(metadata);
        }
    }

    /** Who does not know the bounds would decide by the records' own timestamps which are too far ahead. */
    @Test
    void hasAnotherVersionWhereAClockDecided() {
        CommitMetadata bound = bound(new AheadBounds(
                List.of(new AheadBounds.Step(1_190, 1_800_000_000_000L), new AheadBounds.Step(1_220, -7))));
        assertThat(bound.format())
                .isEqualTo(
                        "tally7 o=1234 w=-5000 r=1200 a=1190:1800000000000,1220:-7 b=34 l=1100,50,40,10"
                                + " s=7,fffffffffffffffe k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=4e2c9ee2");
        assertThat(CommitMetadata.parse(bound.format())).isEqualTo(bound);
        assertThat(bound.lost(3, "another").bounds()).isEqualTo(bound.bounds());
    }

    /** Who does not know it would take what is left of a window for damage. */
    @Test
    void hasAnotherVersionWhereTombstonesAreLeft() {
        CommitMetadata left = left(new Expired(120_000, -60_000), AheadBounds.NONE);
        assertThat(left.format())
                .isEqualTo("tally8 o=1234 w=-5000 r=1200 z=120000,-60000 b=34 l=1100,50,40,10 s=7,fffffffffffffffe"
                        + " k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=24709338");
        CommitMetadata all =
                left(new Expired(1, 0), new AheadBounds(List.of(new AheadBounds.Step(1_190, 1_800_000_000_000L))));
        assertThat(all.format()).startsWith("tally8 o=1234 w=-5000 r=1200 z=1,0 a=1190:1800000000000 b=34 ");
        for (CommitMetadata metadata : List.of(left, all)) {
            assertThat(CommitMetadata.parse(metadata.format())).isEqualTo(metadata);
        }
        assertThat(left.lost(3, "another").expired()).isEqualTo(left.expired());
    }

    private static CommitMetadata bound(AheadBounds bounds) {
        return left(null, bounds);
    }

    /** Who does not know of headers would read lines by the columns of the configuration. */
    @Test
    void hasAnotherVersionWhereRecordsHaveHeaders() {
        CommitMetadata headed = with(null, AheadBounds.NONE, "date,time,cs%28User-Agent%29");
        assertThat(headed.format())
                .isEqualTo(
                        "tally9 o=1234 w=-5000 r=1200 f=date,time,cs%28User-Agent%29 b=34 l=1100,50,40,10"
                                + " s=7,fffffffffffffffe k=0123456789abcdef p=fedcba9876543210 i=tally-ip-count:host-0:1 c=933a04af");
        CommitMetadata bound = with(new Expired(3, 4), new AheadBounds(List.of(new AheadBounds.Step(1, 2))), "?");
        assertThat(bound.format()).startsWith("tally9 o=1234 w=-5000 r=1200 z=3,4 a=1:2 f=? b=34 ");
        for (CommitMetadata metadata : List.of(headed, bound, with(null, AheadBounds.NONE, ""))) {
            assertThat(CommitMetadata.parse(metadata.format())).isEqualTo(metadata);
        }
        assertThat(headed.lost(3, "another").header()).isEqualTo(headed.header());
    }

    private static CommitMetadata left(@Nullable Expired expired, AheadBounds bounds) {
        return with(expired, bounds, null);
    }

    private static CommitMetadata with(@Nullable Expired expired, AheadBounds bounds, @Nullable String header) {
        return new CommitMetadata(
                METADATA.offset(),
                null,
                METADATA.watermark(),
                METADATA.recoveryOffset(),
                0,
                expired,
                null,
                null,
                METADATA.birthOffset(),
                METADATA.ledger(),
                METADATA.storedEntries(),
                METADATA.storedDigest(),
                METADATA.fingerprint(),
                METADATA.transactionalId(),
                bounds,
                header);
    }

    private static CommitMetadata with(int rowsLeft, @Nullable Long cutWatermark, @Nullable Long latestTime) {
        return new CommitMetadata(
                METADATA.offset(),
                null,
                METADATA.watermark(),
                METADATA.recoveryOffset(),
                rowsLeft,
                cutWatermark,
                latestTime,
                METADATA.birthOffset(),
                METADATA.ledger(),
                METADATA.storedEntries(),
                METADATA.storedDigest(),
                METADATA.fingerprint(),
                METADATA.transactionalId());
    }

    private static CommitMetadata cutAt(long watermark) {
        return new CommitMetadata(
                METADATA.offset(),
                METADATA.watermark(),
                METADATA.recoveryOffset(),
                watermark,
                METADATA.birthOffset(),
                METADATA.ledger(),
                METADATA.storedEntries(),
                METADATA.storedDigest(),
                METADATA.fingerprint(),
                METADATA.transactionalId());
    }

    /** The broker refuses more than offset.metadata.max.bytes, 4096 by default. */
    @Test
    void staysShort() {
        CommitMetadata longest = new CommitMetadata(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                -Long.MAX_VALUE,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                -Long.MAX_VALUE,
                -Long.MAX_VALUE,
                Long.MAX_VALUE,
                new Ledger(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                Long.MAX_VALUE,
                -1,
                METADATA.fingerprint(),
                "g".repeat(249) + ":" + "i".repeat(100) + ":999");
        assertThat(longest.format().length()).isLessThan(1_000);
        assertThat(CommitMetadata.parse(longest.format())).isEqualTo(longest);
    }

    @ParameterizedTest
    @CsvSource({
        "1200, 1201, checksum is wrong",
        "tally1, tally99, of format 'tally99'",
        "tally1, tally, of format 'tally'",
        "tally1, other, not written by Tally",
        "' c=', ' d=', checksum is wrong"
    })
    void saysWhatIsWrongWithIt(String part, String other, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommitMetadata.parse(TEXT.replace(part, other)))
                .withMessageContaining(reason);
    }
}
