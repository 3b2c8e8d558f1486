package dev.tributary.ingest.topology;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.TrustOutcome;
import dev.tributary.ingest.topology.example.Claim;
import dev.tributary.ingest.topology.state.Bytes;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.Recent;
import dev.tributary.ingest.topology.state.TrustState;
import dev.tributary.ingest.topology.state.TrustStatus;
import dev.tributary.ingest.topology.state.Voice;
import dev.tributary.ingest.topology.state.Voices;
import dev.tributary.ingest.topology.state.WaitingExample;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Believes nobody on one word but those who are trusted. An answer by anyone else waits until
 * enough different authors gave the same answer to the same question, or staff did; then all that
 * wait for it pass. An author is one voice however often it speaks, and who gives no author id is
 * none.
 *
 * <p>What waits longer than the retention is dropped and counted. Examples that give no answer,
 * such as thumbs, pass.
 */
final class Corroborate
    extends ContextualProcessor<String, TrainingExample, String, TrainingExample> {

  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

  private final int needed;
  private final Duration retention;
  private final Serde<TrainingExample> serde;
  private final IngestMetrics metrics;
  private final Clock clock;

  private WaitingRoom<WaitingExample> waiting;
  private Recent<Voices> voices;
  private Recent<String> believed;
  private Recent<TrustState> states;

  /**
   * @param needed how many voices make an answer believed
   * @param retention how long an example waits for them
   */
  Corroborate(
      int needed,
      Duration retention,
      Serde<TrainingExample> serde,
      IngestMetrics metrics,
      Clock clock) {
    this.needed = needed;
    this.retention = retention;
    this.serde = serde;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, TrainingExample> context) {
    super.init(context);
    String task = context.taskId().toString();
    waiting =
        new WaitingRoom<>(
            context.getStateStore(JoinStores.WAITING_EXAMPLES),
            WaitingExample::getArrivedAt,
            count -> metrics.examplesWaiting(task, count));
    voices = new Recent<>(context.getStateStore(JoinStores.VOICES));
    believed = new Recent<>(context.getStateStore(JoinStores.BELIEVED));
    states = new Recent<>(context.getStateStore(JoinStores.TRUST));
    context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> endWaiting());
  }

  @Override
  public void process(Record<String, TrainingExample> record) {
    TrainingExample example = record.value();
    if (example.getKind() != ExampleKind.SUPERVISED) {
      forward(example);
      return;
    }
    Claim claim = Claim.of(example);
    withdrawEarlier(example);
    if (example.getTrust() == Trust.TRUSTED) {
      believe(claim);
      forward(example);
    } else if (isBelieved(claim) || addVoice(claim, example.getAuthorId()) >= needed) {
      believe(claim);
      metrics.untrusted(TrustOutcome.CORROBORATED);
      forward(example);
    } else {
      hold(claim, example);
    }
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.close();
    }
  }

  /** The newest answer that is believed takes the place of the one before. */
  private boolean isBelieved(Claim claim) {
    return believed.find(claim.questionKey()).filter(claim.answer()::equals).isPresent();
  }

  /** Remembers the answer and passes on what waited for it, in the order of arrival. */
  private void believe(Claim claim) {
    believed.replace(claim.questionKey(), claim.answer(), clock.instant());
    if (waiting.isEmpty()) {
      return;
    }
    List<WaitingExample> agreeing = new ArrayList<>(waiting.remove(claim.key()));
    agreeing.sort(Comparator.comparing(WaitingExample::getArrivedAt));
    for (WaitingExample held : agreeing) {
      TrainingExample example = decode(held);
      remember(example, claim, TrustStatus.BELIEVED);
      metrics.untrusted(TrustOutcome.CORROBORATED);
      forward(example);
    }
  }

  /** How many voices there are with this one. */
  private int addVoice(Claim claim, String author) {
    if (author == null) {
      return voices(claim).size();
    }
    List<Voice> all = voicesBut(claim, author);
    all.add(new Voice(author, clock.instant()));
    voices.replace(claim.key(), new Voices(all), clock.instant());
    return all.size();
  }

  private List<Voice> voicesBut(Claim claim, String author) {
    List<Voice> others = new ArrayList<>(voices(claim));
    others.removeIf(voice -> voice.getAuthorId().equals(author));
    return others;
  }

  /** Those that spoke within the retention. */
  private List<Voice> voices(Claim claim) {
    Instant oldest = clock.instant().minus(retention);
    return voices.find(claim.key()).map(Voices::getVoices).orElse(List.of()).stream()
        .filter(voice -> voice.getSpokeAt().isAfter(oldest))
        .toList();
  }

  private void hold(Claim claim, TrainingExample example) {
    byte[] bytes = serde.serializer().serialize(Topics.EXAMPLES.name(), example);
    waiting.add(
        claim.key(),
        example.getExampleId(),
        new WaitingExample(clock.instant(), Bytes.wrap(bytes)));
    remember(example, claim, TrustStatus.WAITING);
    metrics.untrusted(TrustOutcome.WAITING);
  }

  /** A record that is sent again, changed, no longer stands for what it said before. */
  private void withdrawEarlier(TrainingExample example) {
    states
        .find(stateKey(example))
        .filter(state -> state.getStatus() == TrustStatus.WAITING)
        .ifPresent(
            state -> {
              Claim earlier = claimOf(state);
              waiting.remove(earlier.key(), state.getExampleId());
              voices.replace(
                  earlier.key(),
                  new Voices(voicesBut(earlier, state.getAuthorId())),
                  clock.instant());
              remember(example, Claim.of(example), TrustStatus.BELIEVED);
              metrics.untrusted(TrustOutcome.WITHDRAWN);
            });
  }

  private void endWaiting() {
    for (WaitingExample held : waiting.removeArrivedBefore(clock.instant().minus(retention))) {
      TrainingExample example = decode(held);
      remember(example, Claim.of(example), TrustStatus.EXPIRED);
      metrics.untrusted(TrustOutcome.EXPIRED);
    }
  }

  private void remember(TrainingExample example, Claim claim, TrustStatus status) {
    Instant now = clock.instant();
    states.replace(
        stateKey(example),
        new TrustState(
            status,
            example.getExampleId(),
            claim.adapter(),
            claim.question(),
            claim.answer(),
            example.getAuthorId(),
            example.getOrigin().getRequestId(),
            example.getIngestTime(),
            now),
        now);
  }

  private TrainingExample decode(WaitingExample held) {
    return serde
        .deserializer()
        .deserialize(Topics.EXAMPLES.name(), Bytes.copyOf(held.getExample()));
  }

  private void forward(TrainingExample example) {
    context().forward(new Record<>(example.getAdapter(), example, clock.millis()));
  }

  private static String stateKey(TrainingExample example) {
    return JoinStores.trustKey(example.getOrigin().getTopic(), example.getOrigin().getRecordId());
  }

  private static Claim claimOf(TrustState state) {
    return new Claim(state.getAdapter(), state.getQuestion(), state.getAnswer());
  }
}
