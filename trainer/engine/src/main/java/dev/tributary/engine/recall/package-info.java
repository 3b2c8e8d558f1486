/** What a base model knows before anybody tells it anything, found out by letting it ask itself. */
package dev.tributary.engine.recall;
