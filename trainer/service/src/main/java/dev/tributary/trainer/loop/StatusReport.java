package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.metrics.AdapterStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** Describes the adapters to the listener, between jobs. */
final class StatusReport {

  private final LoopListener listener;
  private final Map<AdapterId, Last> last = new HashMap<>();

  StatusReport(LoopListener listener) {
    this.listener = listener;
  }

  private record Last(double loss, double tokensPerSecond, double replayShare) {
    static final Last NONE = new Last(0, 0, 0);
  }

  void trained(AdapterId adapter, TrainedBatch batch, Duration duration) {
    double items = batch.newItems() + batch.replayedItems();
    double seconds = Math.max(duration.toNanos(), 1) / 1e9;
    last.put(
        adapter,
        new Last(
            batch.meanLoss(),
            batch.tokens() / seconds,
            items == 0 ? 0 : batch.replayedItems() / items));
  }

  void publish(Collection<PartitionWork> works, Consumer<?, ?> consumer) {
    List<AdapterStatus> adapters = new ArrayList<>();
    for (PartitionWork work : works) {
      long unread = work.unread() + consumer.currentLag(work.partition()).orElse(0);
      Collection<AdapterSession> sessions = work.sessions().all();
      sessions.forEach(session -> adapters.add(status(work, session, unread)));
      backlog(work, sessions, unread);
    }
    listener.status(adapters);
  }

  /** Unread records of a partition with one adapter are its own; of others nobody can know yet. */
  private void backlog(PartitionWork work, Collection<AdapterSession> sessions, long unread) {
    boolean alone = sessions.size() == 1;
    for (AdapterSession session : sessions) {
      listener.backlog(session.id(), work.pending(session.id()) + (alone ? unread : 0));
    }
    listener.unread(work.partition(), alone ? 0 : unread);
  }

  private AdapterStatus status(PartitionWork work, AdapterSession session, long lag) {
    Last recent = last.getOrDefault(session.id(), Last.NONE);
    return new AdapterStatus(
        session.id().toString(),
        session.state().name().toLowerCase(Locale.ROOT),
        session.reason(),
        work.partition().partition(),
        session.progress().examplesTrained(),
        session.nextOffset(),
        session.learner().step(),
        session.progress().version(),
        recent.loss,
        recent.tokensPerSecond,
        recent.replayShare,
        session.memory().buffer().size(),
        session.memory().buffer().bytes(),
        work.pending(session.id()),
        lag);
  }
}
