/** The trainer's configuration: one record per concern, checked when it is read. */
package dev.tributary.trainer.config;
