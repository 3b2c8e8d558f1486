/**
 * Follows a record from the gateway to the answer: what the topology knows of it, the example made
 * of it, the checkpoint and the version that contain it, the verdict, and whether it is served.
 */
package dev.tributary.ingest.trail;
