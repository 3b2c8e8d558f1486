package dev.tributary.ingest.topology.example;

import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.Interaction;

/** Feedback and the interaction it is about. */
public record JoinedFeedback(Interaction interaction, Feedback feedback) {}
