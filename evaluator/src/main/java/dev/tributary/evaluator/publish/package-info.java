/** Makes passed versions available to servers under immutable names, and says which one answers. */
package dev.tributary.evaluator.publish;
