package dev.tributary.evaluator.loop;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.publish.Publisher;
import dev.tributary.evaluator.registry.ReleaseLedger;
import dev.tributary.evaluator.registry.ReleaseLog;
import dev.tributary.evaluator.registry.ReleaseWriter;
import dev.tributary.evaluator.score.AdapterLoader;
import dev.tributary.evaluator.score.SuiteScorer;
import dev.tributary.evaluator.suite.BaseKnowledge;
import dev.tributary.evaluator.suite.SuiteReader;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;

/**
 * What the loop works with. None of it is closed by the loop.
 *
 * @param kafka client settings
 * @param partitions of every topic
 * @param groupId group under which the loop's offsets are kept, and its writer's identity
 * @param schemas reads and writes records
 * @param base frozen base model
 * @param loader of versions
 * @param publisher where passed versions go
 * @param log the registry
 * @param suites held-out and told records; used by the loop's thread only
 * @param scorer used by the loop's thread only
 * @param knowledge what the base knew; used by the loop's thread only
 * @param policy of the gate
 * @param desk told what became of commands
 * @param listener told what was done
 * @param meters shows a session's clients while it lasts
 * @param clock stamps lines; nothing is decided by it
 */
public record LoopParts(
    KafkaSettings kafka,
    int partitions,
    String groupId,
    SchemaRegistry schemas,
    BaseModel base,
    AdapterLoader loader,
    Publisher publisher,
    ReleaseLog log,
    SuiteReader suites,
    SuiteScorer scorer,
    BaseKnowledge knowledge,
    GatePolicy policy,
    CommandDesk desk,
    LoopListener listener,
    ServiceMetrics meters,
    Clock clock) {

  private static final Duration LOG_PATIENCE = Duration.ofSeconds(60);

  /** Becomes the only writer, reads what is committed, and is ready to go on from there. */
  EvaluationSession newSession() {
    return CloseStack.start(this::newSession);
  }

  private EvaluationSession newSession(CloseStack clients) {
    Inbox inbox = clients.push(Inbox.open(kafka.consumer(), groupId));
    clients.push(meters.bindConsumer(inbox.consumer()));
    ReleaseWriter writer =
        clients.push(
            ReleaseWriter.open(
                kafka.producer(),
                Contracts.serializer(AdapterRelease.class, schemas),
                inbox.group(),
                Topics.RELEASES.name(),
                partitions));
    clients.push(meters.bindProducer(writer.producer()));
    log.awaitEnd(LOG_PATIENCE);
    return session(clients, inbox, new ReleaseLedger(writer, log, LOG_PATIENCE));
  }

  private EvaluationSession session(CloseStack clients, Inbox inbox, ReleaseLedger ledger) {
    Publication publication = new Publication(publisher, loader, ledger, listener, clock);
    return new EvaluationSession(
        clients,
        inbox,
        new Codecs(schemas),
        ledger,
        new Examiner(base, loader, suites, scorer, knowledge, policy, clock),
        publication,
        new Commands(base, ledger, publication, clock),
        desk,
        policy,
        listener,
        clock);
  }
}
