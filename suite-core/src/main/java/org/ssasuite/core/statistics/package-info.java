/** Means, ratios, their uncertainty. Pure functions of numbers and a seed. */
package org.ssasuite.core.statistics;
