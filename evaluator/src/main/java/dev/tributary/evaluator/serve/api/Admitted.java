package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.PendingAnswer;
import dev.tributary.foundation.AdapterId;
import java.util.Optional;

/**
 * A request that has been let in and waits for its answer.
 *
 * @param adapter whose interaction it is; empty if it is nobody's
 */
record Admitted(
    GenerationRequest request,
    Optional<AdapterId> adapter,
    AnswerHead head,
    PendingAnswer answer) {}
