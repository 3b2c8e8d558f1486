package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.trainer.checkpoint.DeadLetter;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.ResumePoint;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.pack.BatchLimits;
import dev.tributary.trainer.pack.Deadline;
import dev.tributary.trainer.pack.MicroBatch;
import dev.tributary.trainer.pack.PartitionPacker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Turns the records of one partition, in order, into jobs. A deterministic machine: which jobs
 * come, and in which order, depends on the records alone, not on when they were fetched. Not
 * thread-safe.
 */
final class PartitionWork {

  private final TopicPartition partition;
  private final InputIdentity input;
  private final ExampleReader reader;
  private final CandidatePolicy policy;
  private final PartitionCounts counts;
  private final PartitionSessions sessions;
  private final PartitionPacker packer;
  private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
  private final List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
  private long position;
  private long handled;
  private long committedResume;

  PartitionWork(
      TopicPartition partition,
      ResumePoint start,
      ExampleReader reader,
      BatchLimits limits,
      CandidatePolicy policy,
      PartitionSessions sessions,
      PartitionCounts counts) {
    this.partition = partition;
    this.input = start.input();
    this.reader = reader;
    this.policy = policy;
    this.sessions = sessions;
    this.counts = counts;
    this.packer = new PartitionPacker(limits);
    this.position = start.resume();
    this.handled = start.handled();
    this.committedResume = start.resume();
  }

  TopicPartition partition() {
    return partition;
  }

  PartitionSessions sessions() {
    return sessions;
  }

  /** The offset after the last record that was looked at. */
  long position() {
    return position;
  }

  void fetched(Collection<ConsumerRecord<byte[], byte[]>> records) {
    fetched.addAll(records);
  }

  /** Whether every fetched record has been looked at. */
  boolean isDrained() {
    return fetched.isEmpty();
  }

  /** Records fetched but not looked at. */
  int unread() {
    return fetched.size();
  }

  /** Examples in the adapter's open batch. */
  int pending(AdapterId adapter) {
    return packer.pending(adapter);
  }

  /**
   * Goes on through the fetched records until there is something to do.
   *
   * @param complete a time up to which the log is known to hold no record beyond the fetched ones;
   *     empty if that is not known. It lets batches at the end of the log close
   */
  Optional<Job> next(OptionalLong complete) {
    while (!fetched.isEmpty()) {
      ConsumerRecord<byte[], byte[]> message = fetched.peek();
      Optional<Job> due = due(message.timestamp());
      if (due.isEmpty()) {
        due = take(message);
      }
      if (due.isPresent()) {
        return due;
      }
    }
    return complete.isPresent() ? due(complete.getAsLong()) : Optional.empty();
  }

  /** What is due first at the end of the log. */
  Optional<Deadline> earliestDeadline() {
    Stream<Deadline> candidates =
        sessions.all().stream()
            .filter(AdapterSession::isActive)
            .flatMap(
                session ->
                    policy
                        .deadline(session.progress().sinceCandidate(), pending(session.id()) > 0)
                        .stream()
                        .mapToObj(at -> Deadline.emitCandidate(at, session.id())));
    return Stream.concat(packer.earliestDeadline().stream(), candidates).min(Deadline.ORDER);
  }

  private Optional<Job> due(long before) {
    return earliestDeadline()
        .filter(deadline -> deadline.at() < before)
        .map(
            deadline ->
                switch (deadline.action()) {
                  case CLOSE_BATCH -> job(packer.close(deadline.adapter()));
                  case EMIT_CANDIDATE -> job(deadline.adapter(), Optional.empty());
                });
  }

  /** Looks at the first fetched record; it stays there if a batch must be trained before. */
  private Optional<Job> take(ConsumerRecord<byte[], byte[]> message) {
    Optional<AdapterId> adapter = ExampleReader.adapter(message);
    if (adapter
        .flatMap(sessions::find)
        .filter(session -> isTrained(session, message))
        .isPresent()) {
      return pass(message);
    }
    Reading reading;
    try {
      reading = reader.read(message);
    } catch (BadRecordException e) {
      reportOnce(message, () -> deadLetter(message, e));
      return pass(message);
    }
    AdapterId id = adapter.orElseThrow(); // the reader refuses records without one
    return switch (reading) {
      case Reading.Skipped skipped -> {
        reportOnce(message, () -> counts.skipped(id, skipped.reason()));
        yield pass(message);
      }
      case Reading.Trainable trainable -> take(message, id, trainable);
    };
  }

  private Optional<Job> take(
      ConsumerRecord<byte[], byte[]> message, AdapterId id, Reading.Trainable trainable) {
    AdapterSession session =
        sessions.find(id).orElseGet(() -> sessions.start(id, message.offset()));
    if (session.isActive()) {
      Optional<MicroBatch> full = packer.makeRoom(id, trainable.item());
      if (full.isPresent()) {
        return full.map(this::job);
      }
    }
    if (trainable.truncated()) {
      reportOnce(message, () -> counts.truncated(id));
    }
    pass(message);
    if (!session.isActive()) {
      session.holdAt(message.offset());
      return Optional.empty();
    }
    return packer.add(id, trainable.item()).map(this::job);
  }

  private static boolean isTrained(AdapterSession session, ConsumerRecord<byte[], byte[]> message) {
    return message.offset() < session.nextOffset();
  }

  private Optional<Job> pass(ConsumerRecord<byte[], byte[]> message) {
    fetched.remove();
    position = message.offset() + 1;
    handled = Math.max(handled, position);
    return Optional.empty();
  }

  /** After a restart, records between the resume offset and this one are read a second time. */
  private void reportOnce(ConsumerRecord<byte[], byte[]> message, Runnable report) {
    if (message.offset() >= handled) {
      report.run();
    }
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> message, BadRecordException cause) {
    deadLetters.add(DeadLetter.of(message, cause));
    counts.deadLetter(cause.reason());
  }

  private Job job(MicroBatch batch) {
    return job(batch.adapter(), Optional.of(batch));
  }

  private Job job(AdapterId adapter, Optional<MicroBatch> batch) {
    return new Job(partition, sessions.find(adapter).orElseThrow(), batch, resumeOffset());
  }

  /** Where reading must resume if everything handed out as a job so far is committed. */
  long resumeOffset() {
    LongStream held =
        sessions.all().stream().flatMapToLong(session -> session.firstUntrained().stream());
    return LongStream.concat(
            LongStream.concat(LongStream.of(position), packer.firstOffset().stream()), held)
        .min()
        .getAsLong();
  }

  /** What to commit now, provided no job is under way. */
  ResumePoint resumePoint() {
    return new ResumePoint(input, resumeOffset(), handled, sessions.checkpointed());
  }

  /** Dead letters to go into the next transaction. */
  List<ProducerRecord<byte[], byte[]>> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Whether there is something to commit although nothing was trained. */
  boolean hasProgress() {
    return !deadLetters.isEmpty() || resumeOffset() > committedResume;
  }

  void committed(ResumePoint point) {
    committedResume = point.resume();
    deadLetters.clear();
  }

  /** Stops training an adapter; its open examples are left for later. */
  void stop(AdapterSession session, AdapterSession.State state, String reason) {
    session.stop(state, reason, packer.firstOffset(session.id()));
    packer.drop(session.id());
  }

  /** Stops training the adapter of a job that could not be done. */
  void stopAfter(Job job, AdapterSession.State state, String reason) {
    OptionalLong first =
        job.batch().map(batch -> OptionalLong.of(batch.firstOffset())).orElse(OptionalLong.empty());
    job.session().stop(state, reason, first);
    packer.drop(job.session().id());
  }

  /**
   * Trains a paused adapter again. All records since its first untrained one are read again; those
   * other adapters have trained are passed over, and their open batches form anew as they were.
   *
   * @return the offset to read from; empty if nothing was missed
   */
  OptionalLong resume(AdapterSession session) {
    OptionalLong first = session.firstUntrained();
    if (first.isPresent()) {
      position = resumeOffset();
      fetched.clear();
      sessions.all().forEach(each -> packer.drop(each.id()));
    }
    session.resume();
    return first.isPresent() ? OptionalLong.of(position) : OptionalLong.empty();
  }
}
