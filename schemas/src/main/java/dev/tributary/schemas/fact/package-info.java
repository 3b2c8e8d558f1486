/** When two records speak of the same thing: one question, one answer, two wordings of one fact. */
package dev.tributary.schemas.fact;
