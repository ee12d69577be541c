/** LongBench v2: questions with four choices, asked at once or after a chain of thought. */
package org.ssasuite.tasks.longbench.v2;
