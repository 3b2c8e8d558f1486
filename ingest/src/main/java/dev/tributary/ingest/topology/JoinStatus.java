package dev.tributary.ingest.topology;

/** How far a feedback record has come with its interaction. */
public enum JoinStatus {
  WAITING,
  JOINED,
  UNMATCHED,
  /** Joined, but of a kind no example is made of. */
  NO_EXAMPLE
}
