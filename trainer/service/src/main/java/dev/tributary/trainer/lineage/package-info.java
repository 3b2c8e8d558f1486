/** What an adapter was made of, so that every version can be followed back to its records. */
package dev.tributary.trainer.lineage;
