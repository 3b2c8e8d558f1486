package dev.tributary.ingest.topology;

import dev.tributary.schemas.TrainingExample;

/**
 * An example and where it goes.
 *
 * @param heldOut whether it is measured on and never trained on
 */
record Placed(TrainingExample example, boolean heldOut) {}
