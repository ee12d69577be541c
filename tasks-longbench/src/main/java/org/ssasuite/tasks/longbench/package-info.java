/** LongBench v1, E and v2. Holds no task yet. */
package org.ssasuite.tasks.longbench;
