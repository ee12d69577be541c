/** What answers are worth: metrics that tasks of several modules share, a file each. */
package org.ssasuite.core.metrics;
