package dev.tributary.evaluator.loop;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.loop.CommandOutcome.Applied;
import dev.tributary.evaluator.loop.CommandOutcome.Cause;
import dev.tributary.evaluator.loop.CommandOutcome.Refused;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.ReleaseLedger;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Carries out promotions and rollbacks. The command's offset is committed in the transaction that
 * writes its effect, so each takes effect exactly once; a refusal is written to the log as well, as
 * a line of the version it was about. One thread.
 */
final class Commands {

  /** Argument of a command that wants a version to answer although the gate did not pass it. */
  static final String FORCE = "force";

  private final BaseModel base;
  private final ReleaseLedger ledger;
  private final Publication publication;
  private final Clock clock;

  Commands(BaseModel base, ReleaseLedger ledger, Publication publication, Clock clock) {
    this.base = base;
    this.ledger = ledger;
    this.publication = publication;
    this.clock = clock;
  }

  CommandOutcome apply(ControlCommand command, Map<TopicPartition, OffsetAndMetadata> offsets) {
    Optional<AdapterVersions> adapter =
        ledger.registry().find(AdapterId.parse(command.getAdapter()));
    CommandOutcome outcome;
    try {
      outcome =
          adapter.isEmpty()
              ? new Refused(Cause.UNKNOWN, "no version of " + command.getAdapter() + " is known")
              : switch (command.getCommand()) {
                case PROMOTE -> promote(command, adapter.get(), offsets);
                case ROLLBACK -> rollBack(command, adapter.get(), offsets);
                default ->
                    new Refused(
                        Cause.UNUSABLE,
                        "%s is no command this version carries out"
                            .formatted(command.getCommand().name().toLowerCase(Locale.ROOT)));
              };
    } catch (CorruptArtifactException e) {
      outcome = new Refused(Cause.UNUSABLE, e.getMessage());
    }
    if (outcome instanceof Refused refused) {
      ledger.commit(audit(command, adapter, refused), offsets);
    }
    return outcome;
  }

  private CommandOutcome promote(
      ControlCommand command,
      AdapterVersions adapter,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (command.getVersion() == null) {
      return new Refused(Cause.UNKNOWN, "version: a promotion needs one");
    }
    Optional<ReleaseLine> line = adapter.version(command.getVersion());
    if (line.isEmpty()) {
      return unknownVersion(adapter, command.getVersion());
    }
    boolean forced = Boolean.parseBoolean(command.getArguments().get(FORCE));
    if (line.get().verdict() != Verdict.PASSED && !forced) {
      return new Refused(
          Cause.GATE,
          "%s did not pass the gate (%s): %s"
              .formatted(
                  line.get().name(),
                  line.get().verdict().name().toLowerCase(Locale.ROOT),
                  String.join("; ", line.get().release().getReasons())));
    }
    return activate(command, line.get(), ReleaseState.RETIRED, offsets);
  }

  private CommandOutcome rollBack(
      ControlCommand command,
      AdapterVersions adapter,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Optional<ReleaseLine> current = adapter.active();
    if (current.isEmpty()) {
      return new Refused(
          Cause.UNUSABLE, "the base model answers for " + adapter.adapter() + " already");
    }
    int target =
        Optional.ofNullable(command.getVersion())
            .orElseGet(() -> releaseBefore(adapter, current.get()));
    if (target == 0) {
      publication.deactivate(adapter.adapter(), command.getActor(), command.getReason(), offsets);
      return new Applied("the base model answers for " + adapter.adapter() + " now");
    }
    Optional<ReleaseLine> line = adapter.version(target);
    if (line.isEmpty()) {
      return unknownVersion(adapter, target);
    }
    if (target == current.get().version() || line.get().release().getPath() == null) {
      return new Refused(
          Cause.UNUSABLE,
          "%s cannot be gone back to: it %s"
              .formatted(
                  line.get().name(), line.get().isActive() ? "answers now" : "was never released"));
    }
    return activate(command, line.get(), ReleaseState.ROLLED_BACK, offsets);
  }

  /**
   * The newest release below the current one that was not itself taken back; 0, the base model,
   * when there is none.
   */
  private static int releaseBefore(AdapterVersions adapter, ReleaseLine current) {
    return adapter
        .newest(line -> line.state() == ReleaseState.RETIRED && line.version() < current.version())
        .map(ReleaseLine::version)
        .orElse(0);
  }

  private CommandOutcome activate(
      ControlCommand command,
      ReleaseLine line,
      ReleaseState replaced,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (!line.release().getBaseModelHash().equals(base.fingerprint())) {
      return new Refused(
          Cause.UNUSABLE,
          "%s was trained on another base model ('%s')"
              .formatted(line.name(), line.release().getBaseModel()));
    }
    publication.activate(line, command.getActor(), command.getReason(), replaced, offsets);
    return new Applied(line.name() + " answers for " + line.adapter() + " now");
  }

  private static Refused unknownVersion(AdapterVersions adapter, int version) {
    return new Refused(
        Cause.UNKNOWN,
        "%s has no version %d; it has %s"
            .formatted(
                adapter.adapter(),
                version,
                adapter.all().stream().map(line -> String.valueOf(line.version())).toList()));
  }

  /**
   * The refusal as a line of the version it was about: its state stays. Nothing can be written of
   * an unknown version.
   */
  private List<ReleaseLine> audit(
      ControlCommand command, Optional<AdapterVersions> adapter, Refused refused) {
    return adapter
        .flatMap(
            versions ->
                command.getVersion() == null
                    ? versions.active()
                    : versions.version(command.getVersion()))
        .map(
            line ->
                line.moved(
                    line.state(),
                    command.getActor(),
                    "%s refused: %s (asked because: %s)"
                        .formatted(
                            command.getCommand().name().toLowerCase(Locale.ROOT),
                            refused.message(),
                            command.getReason()),
                    clock.instant()))
        .stream()
        .toList();
  }
}
