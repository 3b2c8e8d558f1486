package dev.tributary.ingest.topology;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.example.FeedbackMapper;
import dev.tributary.ingest.topology.example.InstructionMapper;
import dev.tributary.ingest.topology.example.JoinedFeedback;
import dev.tributary.ingest.topology.rules.FeedbackRules;
import dev.tributary.ingest.topology.rules.InstructionRules;
import dev.tributary.ingest.topology.rules.InteractionRules;
import dev.tributary.ingest.topology.rules.Rules;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.Role;
import dev.tributary.ingest.topology.state.SourceRecord;
import dev.tributary.ingest.topology.state.Sources;
import dev.tributary.ingest.topology.state.StateSerde;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topic;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * From input records to training examples.
 *
 * <pre>
 * instructions ─ validate ─ drop repeated ─────────────────── map ─┐
 * interactions ─ validate ─┐                                       │
 * feedback ───── validate ─┴─ by request id ─ join feedback ─ map ─┤
 *                                                      by adapter ─┴─ corroborate ─ split ─┬─ examples
 *                 each step ─ deadletters                                                  └─ heldout
 * </pre>
 *
 * <p>Interactions and feedback pass through a repartition topic, so that the join depends neither
 * on the partitioner of the client that wrote them nor on equal partition counts, and an
 * interaction can be found under each of its aliases. Examples pass through another one, so that
 * all that is said about a question meets in one place.
 */
public final class IngestTopology {

  private final TopologyConfig config;
  private final SchemaRegistry registry;
  private final IngestMetrics metrics;
  private final Clock clock;
  private final StreamsBuilder builder = new StreamsBuilder();

  private IngestTopology(
      TopologyConfig config, SchemaRegistry registry, IngestMetrics metrics, Clock clock) {
    this.config = config;
    this.registry = registry;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * @param clock decides when join windows end and which times lie in the future
   */
  public static Topology build(
      TopologyConfig config, SchemaRegistry registry, IngestMetrics metrics, Clock clock) {
    IngestTopology topology = new IngestTopology(config, registry, metrics, clock);
    topology.write(topology.instructions().merge(topology.feedback(), Named.as("all-examples")));
    return topology.builder.build();
  }

  private KStream<String, TrainingExample> instructions() {
    var validated =
        validated(
            Topics.INSTRUCTIONS,
            RecordKind.INSTRUCTION,
            InstructionRecord.class,
            new InstructionRules(clock));
    var once =
        validated.process(
            StatefulSupplier.of(
                () -> new DropRepeatedInstructions(metrics, clock),
                JoinStores.instructions(config.stateStores(), config.retention())),
            Named.as("drop-repeated-instructions"));
    return map(
        accepted(once, "repeated-instruction"),
        "instruction",
        () -> new InstructionMapper(metrics));
  }

  private KStream<String, TrainingExample> feedback() {
    var interactions =
        validated(
                Topics.INTERACTIONS,
                RecordKind.INTERACTION,
                Interaction.class,
                new InteractionRules(clock))
            .flatMap(
                (key, interaction) -> underEachId(interaction), Named.as("interactions-by-id"));
    var feedback =
        validated(Topics.FEEDBACK, RecordKind.FEEDBACK, Feedback.class, new FeedbackRules(clock))
            .map(
                (key, record) -> KeyValue.pair(record.value().getRequestId(), record.source()),
                Named.as("feedback-by-id"));
    KStream<String, Outcome<JoinedFeedback>> joined =
        interactions
            .merge(feedback, Named.as("by-id"))
            .repartition(
                Repartitioned.<String, SourceRecord>as("by-request")
                    .withKeySerde(Serdes.String())
                    .withValueSerde(StateSerde.sourceRecords()))
            .process(
                StatefulSupplier.of(
                    this::joinFeedback, JoinStores.join(config.stateStores(), config.retention())),
                Named.as("join-feedback"));
    return map(accepted(joined, "join"), "feedback", () -> new FeedbackMapper(metrics));
  }

  private JoinFeedback joinFeedback() {
    return new JoinFeedback(
        Contracts.decoder(Interaction.class, registry),
        Contracts.decoder(Feedback.class, registry),
        config.joinWindow(),
        metrics,
        clock);
  }

  private static List<KeyValue<String, SourceRecord>> underEachId(
      Accepted<Interaction> interaction) {
    String requestId = interaction.value().getRequestId();
    SourceRecord alias = Sources.as(Role.ALIAS, interaction.source());
    Stream<KeyValue<String, SourceRecord>> aliases =
        interaction.value().getAliases().stream()
            .distinct()
            .filter(id -> !id.equals(requestId))
            .map(id -> KeyValue.pair(id, alias));
    return Stream.concat(Stream.of(KeyValue.pair(requestId, interaction.source())), aliases)
        .toList();
  }

  private <T extends SpecificRecord> KStream<byte[], Accepted<T>> validated(
      Topic topic, RecordKind kind, Class<T> contract, Rules<T> rules) {
    KStream<byte[], Outcome<T>> outcomes =
        builder.stream(
                topic.name(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    .withTimestampExtractor(new ProcessingTime(clock))
                    .withName("read-" + kind.label()))
            .process(
                () -> new Validate<>(kind, Contracts.decoder(contract, registry), rules, metrics),
                Named.as("validate-" + kind.label()));
    return accepted(outcomes, "validate-" + kind.label());
  }

  private <K, T> KStream<String, TrainingExample> map(
      KStream<K, Accepted<T>> stream,
      String name,
      Supplier<Function<T, Optional<TrainingExample>>> mapper) {
    KStream<String, Outcome<TrainingExample>> outcomes =
        stream.process(() -> new MapToExample<>(mapper.get()), Named.as("map-" + name));
    return accepted(outcomes, "map-" + name)
        .mapValues(Accepted::value, Named.as("example-of-" + name));
  }

  /** Sends what a step refused to the dead letters and goes on with the rest. */
  private <K, T> KStream<K, Accepted<T>> accepted(KStream<K, Outcome<T>> outcomes, String step) {
    outcomes
        .flatMapValues(Outcome::deadLetters, Named.as(step + "-refused"))
        .process(() -> new DeadLetters<>(metrics), Named.as(step + "-deadletters"))
        .to(
            Topics.DEADLETTERS.name(),
            Produced.with(Serdes.ByteArray(), Serdes.ByteArray())
                .withName(step + "-write-deadletters"));
    return outcomes.flatMapValues(Outcome::accepted, Named.as(step + "-accepted"));
  }

  private void write(KStream<String, TrainingExample> examples) {
    Serde<TrainingExample> serde = Contracts.serde(TrainingExample.class, registry);
    examples
        .repartition(
            Repartitioned.<String, TrainingExample>as("by-adapter")
                .withKeySerde(Serdes.String())
                .withValueSerde(serde))
        .process(
            StatefulSupplier.of(
                () -> new Corroborate(config.voices(), config.retention(), serde, metrics, clock),
                JoinStores.trust(config.stateStores(), config.retention())),
            Named.as("corroborate"))
        .process(
            StatefulSupplier.of(
                () -> new SplitHeldOut(config.heldoutShare(), clock),
                JoinStores.split(config.stateStores(), config.retention())),
            Named.as("split"))
        .split(Named.as("split-"))
        .branch(
            (adapter, placed) -> placed.heldOut(),
            Branched.withConsumer(
                heldOut -> write(heldOut, Topics.HELDOUT, "heldout", metrics::heldOut)))
        .defaultBranch(
            Branched.withConsumer(
                trained -> write(trained, Topics.EXAMPLES, "example", metrics::example)));
  }

  private void write(
      KStream<String, Placed> placed,
      Topic topic,
      String name,
      BiConsumer<String, ExampleKind> counter) {
    placed
        .mapValues(Placed::example, Named.as("placed-" + name))
        .peek((adapter, example) -> counter.accept(adapter, example.getKind()))
        .to(
            topic.name(),
            Produced.with(Serdes.String(), Contracts.serde(TrainingExample.class, registry))
                .withName("write-" + name));
  }
}
