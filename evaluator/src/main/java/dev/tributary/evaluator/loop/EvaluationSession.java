package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.evaluator.registry.ReleaseLedger;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.Verdict;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the inbox, one record after the other, for as long as nothing goes wrong. Each record
 * is settled by one transaction, so a session can end at any moment and the next one goes on with
 * the first record that is not settled. One thread.
 */
final class EvaluationSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EvaluationSession.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("dev.tributary.audit");
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Set<Command> FOR_THE_TRAINER = Set.of(Command.PAUSE, Command.RESUME);

  private final CloseStack clients;
  private final Inbox inbox;
  private final Codecs codecs;
  private final ReleaseLedger ledger;
  private final Examiner examiner;
  private final Publication publication;
  private final Commands commands;
  private final CommandDesk desk;
  private final GatePolicy policy;
  private final LoopListener listener;
  private final Clock clock;

  /**
   * @param clients of the inbox and the ledger, closed with this object
   */
  EvaluationSession(
      CloseStack clients,
      Inbox inbox,
      Codecs codecs,
      ReleaseLedger ledger,
      Examiner examiner,
      Publication publication,
      Commands commands,
      CommandDesk desk,
      GatePolicy policy,
      LoopListener listener,
      Clock clock) {
    this.clients = clients;
    this.inbox = inbox;
    this.codecs = codecs;
    this.ledger = ledger;
    this.examiner = examiner;
    this.publication = publication;
    this.commands = commands;
    this.desk = desk;
    this.policy = policy;
    this.listener = listener;
    this.clock = clock;
  }

  /** Finishes what an earlier session began. Call it once, before {@link #work}. */
  void resume() {
    publication.resume();
    examiner.catchUp();
    inbox.seek();
  }

  /**
   * Takes what is there, or waits a moment for it; then looks again at verdicts that were left
   * open.
   */
  void work() {
    for (ConsumerRecord<byte[], byte[]> message : inbox.poll(POLL)) {
      take(message);
    }
    examiner.catchUp();
    for (AdapterVersions adapter : ledger.registry().adapters()) {
      adapter
          .newest()
          .filter(ReleaseLine::isHeld)
          .filter(held -> examiner.arrivedSince(held, adapter.active()) >= policy.recheckRecords())
          .ifPresent(held -> judge(Candidate.held(held), Map.of()));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    Map<TopicPartition, OffsetAndMetadata> settled = Inbox.after(message);
    try {
      if (message.topic().equals(Topics.CONTROL.name())) {
        ControlCommand command = codecs.command(message.value());
        requireKey(message, command.getAdapter());
        obey(command, message);
      } else {
        AdapterCandidate candidate = codecs.candidate(message.value());
        requireKey(message, candidate.getAdapter());
        judgeOnce(candidate, settled);
      }
    } catch (BadRecordException e) {
      LOG.warn(
          "record {} of {}-{} goes to the dead letters ({}): {}",
          message.offset(),
          message.topic(),
          message.partition(),
          e.reason(),
          e.getMessage());
      ledger.commit(List.of(), List.of(DeadLetters.of(message, e)), settled);
      listener.deadLetter(DeadLetters.STAGE, e.reason());
    }
  }

  private static void requireKey(ConsumerRecord<byte[], byte[]> message, String adapter) {
    String key = message.key() == null ? null : new String(message.key(), StandardCharsets.UTF_8);
    if (!adapter.equals(key)) {
      throw new BadRecordException(
          "key_mismatch",
          "the key is '%s', the record's adapter '%s'; they must be equal".formatted(key, adapter));
    }
    try {
      AdapterId.parse(adapter);
    } catch (ConfigException e) {
      throw new BadRecordException("invalid_adapter", e.getMessage(), e);
    }
  }

  private void judgeOnce(
      AdapterCandidate candidate, Map<TopicPartition, OffsetAndMetadata> settled) {
    AdapterVersions known = ledger.registry().of(AdapterId.parse(candidate.getAdapter()));
    if (known.version(candidate.getVersion()).isPresent()) {
      LOG.info("{} was judged before", candidate.getName());
      ledger.commit(List.of(), settled);
      return;
    }
    judge(Candidate.of(candidate), settled);
  }

  private void judge(Candidate candidate, Map<TopicPartition, OffsetAndMetadata> settled) {
    long start = System.nanoTime();
    AdapterVersions known = ledger.registry().of(candidate.adapter());
    Evaluation evaluation = examine(candidate, known);
    ReleaseLine line = evaluation.lineFor(candidate.version(), clock.instant());
    List<ReleaseLine> lines = new ArrayList<>();
    known
        .newest()
        .filter(ReleaseLine::isHeld)
        .filter(held -> held.version() < line.version())
        .map(held -> superseded(held, line.name()))
        .ifPresent(lines::add);
    lines.add(line);
    ledger.commit(lines, evaluation.again().stream().map(codecs::message).toList(), settled);
    GateDecision decision = evaluation.decision();
    LOG.info(
        "{}: {} ({}): {}",
        line.name(),
        decision.verdict(),
        decision.reason().code(),
        String.join("; ", line.release().getReasons()));
    listener.judged(candidate.adapter(), decision, Duration.ofNanos(System.nanoTime() - start));
    if (decision.verdict() == Verdict.PASSED) {
      publication.complete(line);
    }
  }

  /** What breaks while scoring one candidate must not stop the others: the gate fails closed. */
  private Evaluation examine(Candidate candidate, AdapterVersions known) {
    try {
      return examiner.examine(candidate, known);
    } catch (RetriableException | KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{} could not be scored", candidate.version().getName(), e);
      return new Evaluation(
          GateDecision.without(GateReason.SCORING_FAILED, "it could not be scored: " + e),
          List.of(),
          known.active().map(ReleaseLine::mark).orElse(GateMark.NONE),
          known.active().map(ReleaseLine::version).orElse(0),
          List.of());
    }
  }

  private ReleaseLine superseded(ReleaseLine held, String successor) {
    AdapterRelease release =
        AdapterRelease.newBuilder(held.release())
            .setReasons(
                List.of("a newer candidate, " + successor + ", came before the verdict was final"))
            .build();
    return new ReleaseLine(release, held.mark())
        .moved(held.state(), Actors.GATE, GateReason.SUPERSEDED.code(), clock.instant());
  }

  private void obey(ControlCommand command, ConsumerRecord<byte[], byte[]> message) {
    Map<TopicPartition, OffsetAndMetadata> settled = Inbox.after(message);
    String name = command.getCommand().name().toLowerCase(Locale.ROOT);
    if (FOR_THE_TRAINER.contains(command.getCommand()) || isSettledLongAgo(command, message)) {
      ledger.commit(List.of(), settled);
      listener.commanded(name, "ignored");
      return;
    }
    CommandOutcome outcome = commands.apply(command, settled);
    boolean applied = outcome instanceof CommandOutcome.Applied;
    AUDIT.info(
        "{} {} of {} by {} ({}): {}: {}",
        command.getCommandId(),
        name,
        command.getAdapter(),
        command.getActor(),
        command.getReason(),
        applied ? "applied" : "refused",
        outcome.message());
    listener.commanded(name, applied ? "applied" : "refused");
    if (applied && command.getCommand() == Command.ROLLBACK) {
      listener.rolledBack("command");
    }
    desk.settle(command.getCommandId(), outcome);
  }

  /**
   * Kafka forgets the offsets of a group that was away for long. Commands are then read from the
   * beginning again, and those older than the newest line of their adapter must not be carried out
   * a second time.
   */
  private boolean isSettledLongAgo(ControlCommand command, ConsumerRecord<byte[], byte[]> message) {
    return inbox.isFromBeginning(message)
        && ledger
            .registry()
            .of(AdapterId.parse(command.getAdapter()))
            .lastChange()
            .filter(change -> !command.getEventTime().isAfter(change))
            .isPresent();
  }

  /**
   * Frees the clients also when the thread is being interrupted, which they would otherwise refuse
   * to close under.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      clients.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
