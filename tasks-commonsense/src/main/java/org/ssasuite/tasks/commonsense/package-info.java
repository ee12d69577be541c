/** PIQA, HellaSwag, ARC and Winogrande. Holds no task yet. */
package org.ssasuite.tasks.commonsense;
