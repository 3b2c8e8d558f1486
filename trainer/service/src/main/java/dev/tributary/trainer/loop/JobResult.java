package dev.tributary.trainer.loop;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.trainer.lineage.TrainedBatch;
import java.time.Duration;
import java.util.Optional;

/**
 * What a job left to be committed; its bytes are in the artefact store already.
 *
 * @param pointer names the new checkpoint
 * @param candidate to be evaluated, if one was due
 * @param trained what was trained; empty if only a candidate was made
 * @param storeDuration how long it took to store the bytes
 */
record JobResult(
    CheckpointPointer pointer,
    Optional<AdapterCandidate> candidate,
    Optional<TrainedBatch> trained,
    Duration storeDuration) {}
