package dev.tributary.trainer.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What the trainer commits as the offset of a partition. The identity of the log and the second
 * offset travel in the commit's metadata text, so offsets set by anyone else are told apart.
 *
 * @param input the log it belongs to
 * @param resume where reading must resume: at or before the first example not yet trained
 * @param handled every unreadable record before this offset is in the dead-letter topic; never
 *     below {@code resume}
 * @param adapters how many adapters of the partition have a checkpoint; fewer pointers than this
 *     mean that some were lost
 */
public record ResumePoint(InputIdentity input, long resume, long handled, int adapters) {

  private static final Pattern METADATA =
      Pattern.compile(
          "tributary-trainer/1 cluster=(\\S+) topic=(\\S+) handled=(\\d{1,18})"
              + " adapters=(\\d{1,9})");

  public ResumePoint {
    if (resume < 0 || handled < resume) {
      throw new IllegalArgumentException(
          "handled %d must not be below resume %d".formatted(handled, resume));
    }
  }

  public OffsetAndMetadata toCommit() {
    return new OffsetAndMetadata(
        resume,
        "tributary-trainer/1 cluster=%s topic=%s handled=%d adapters=%d"
            .formatted(input.clusterId(), input.topicId(), handled, adapters));
  }

  /** Empty for an offset the trainer did not commit. */
  public static Optional<ResumePoint> of(String topic, OffsetAndMetadata committed) {
    Matcher matcher = METADATA.matcher(committed.metadata());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    InputIdentity input = new InputIdentity(matcher.group(1), topic, matcher.group(2));
    long handled = Long.parseLong(matcher.group(3));
    return handled < committed.offset()
        ? Optional.empty()
        : Optional.of(
            new ResumePoint(
                input, committed.offset(), handled, Integer.parseInt(matcher.group(4))));
  }
}
