/**
 * Multiple choice on common sense: PIQA, HellaSwag, ARC and Winogrande, as EleutherAI's
 * lm-evaluation-harness 0.4.9 puts them to a model.
 */
package org.ssasuite.tasks.commonsense;
