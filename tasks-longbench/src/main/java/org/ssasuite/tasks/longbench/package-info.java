/** LongBench v1, E and v2: data sets, prompts, scorers, and rescoring of predictions. */
package org.ssasuite.tasks.longbench;
