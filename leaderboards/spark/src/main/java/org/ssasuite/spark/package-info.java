/**
 * Units of a run on Spark's executors. Knows nothing of the program but how it is started: units
 * and answers are bytes. Neither side's libraries (Jackson, protobuf) ever meet the other's, as
 * each has processes of its own.
 */
package org.ssasuite.spark;
