package dev.tributary.evaluator.score;

import dev.tributary.evaluator.suite.SlicePart;
import java.util.List;

/** A part of a suite and those of its records that can be scored. */
record EncodedPart(SlicePart part, List<EncodedRecord> records) {}
